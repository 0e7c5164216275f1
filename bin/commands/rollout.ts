import { StackFile } from "../../local/deploy";
import { carryOut, confirmProd, type WriteOptions } from "../carryOut";
import { say } from "../display";
import { Failure } from "../failure";
import { PROJECT_DIR } from "../options";
import { withPlace } from "../place";
import { onlyChanges, showResult } from "./operate";

const KEY = "wandstore:worker";
/** Words for the two ends of a rollout, and the share of the new version there. */
const ENDS: Readonly<Record<string, number>> = { promote: 100, return: 0 };

/** The share of the requests that goes to the new version, percent. @throws Failure USAGE */
export function shareOf(text: string): number {
  const share = ENDS[text] ?? (/^\d{1,3}%?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN);
  if (share >= 0 && share <= 100) return share;
  throw new Failure("USAGE", `"${text}" is no share: give a whole number from 0 to 100, promote (100) or return (0)`);
}

/** `wandstore rollout`: sends a share of the requests to the new version of the Worker, and the rest to the former one. */
export async function rollout(share: string, options: WriteOptions): Promise<void> {
  const { stack, json } = options;
  const percentage = shareOf(share);
  await withPlace(options, async (place) => {
    const file = new StackFile(PROJECT_DIR, stack);
    if (file.get("wandstore:rollback") !== undefined) {
      throw new Failure(
        "ROLLED_BACK",
        `stack "${stack}" is kept at a former release, which gets all requests: "wandstore rollback --clear -s ${stack}" first`,
      );
    }
    const before = file.get(KEY, ["rollout"]) ?? 100;
    await confirmProd(options, `rollout sends ${percentage} % of the requests of stack "${stack}" to the new version`);
    file.set(KEY, percentage, ["rollout"]);
    const result = await carryOut(place, options, file, `wandstore rollout ${String(before)} -s ${stack}`);
    if (json) {
      const deployment = result === undefined ? null : onlyChanges(result);
      return say(JSON.stringify({ operation: "rollout", stack, before, rollout: percentage, deployment }, null, 2));
    }
    if (result !== undefined) showResult(result);
    say(`worker.rollout of stack ${stack} is ${percentage} %.`);
  });
}
