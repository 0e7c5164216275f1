import { readHistory, StackFile } from "../../local/deploy";
import { complain, say } from "../display";
import { releaseLines } from "../display/releases";
import { PROJECT_DIR, type StackOptions } from "../options";
import { withPlace } from "../place";

/** `wandstore releases`: what was released to a stack, newest first. */
export async function releases(options: StackOptions): Promise<void> {
  const { stack, json } = options;
  const file = new StackFile(PROJECT_DIR, stack);
  const pinned = file.get("wandstore:rollback");
  const history = await withPlace(options, ({ account }) => readHistory(account, stack));
  const { releases: list, current, previous, unreadable } = history;
  if (json) {
    const ids = { current: current?.releaseId ?? null, rollback: previous?.releaseId ?? null };
    return say(JSON.stringify({ stack, ...ids, pinned: pinned ?? null, releases: list, unreadable }, null, 2));
  }
  for (const problem of unreadable) complain(`warning: ${problem}`);
  if (list.length === 0) return say(`No release of stack ${stack} is recorded; an up records one.`);
  for (const line of releaseLines(history)) say(line);
  const share = file.get("wandstore:worker", ["rollout"]) ?? 100;
  if (share !== 100)
    say(
      `worker.rollout is ${String(share)} %: the newest version is to get that share of the requests, the one before it the ` +
        `rest. "wandstore rollback --dry-run -s ${stack}" says what runs and where a rollback goes.`,
    );
  if (pinned !== undefined)
    say(`The stack is kept at a former release: "wandstore rollback --clear -s ${stack}" ends that.`);
}
