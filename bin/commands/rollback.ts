import { pinOf, planRollback, StackFile, type RollbackPlan } from "../../local/deploy";
import { carryOut, confirmProd, type WriteOptions } from "../carryOut";
import { complain, say } from "../display";
import { rollbackLines } from "../display/releases";
import { Failure } from "../failure";
import { PROJECT_DIR } from "../options";
import { withPlace, type Place } from "../place";
import { onlyChanges, showResult } from "./operate";

export interface RollbackOptions extends WriteOptions {
  to?: string;
  dryRun: boolean;
  clear: boolean;
}

const KEY = "wandstore:rollback";
const NOTE = "Written by `wandstore rollback`; `wandstore rollback --clear` goes forward again.";

/** `wandstore rollback`: back to a former release, by writing it into the stack file and deploying. */
export async function rollback(options: RollbackOptions): Promise<void> {
  if (options.clear && options.to !== undefined) throw new Failure("USAGE", "--clear and --to contradict each other");
  await withPlace(options, (place) => (options.clear ? forward(place, options) : back(place, options)));
}

async function back(place: Place, options: RollbackOptions): Promise<void> {
  const { stack, json, dryRun, to } = options;
  const file = new StackFile(PROJECT_DIR, stack);
  const pinned = file.get(KEY, ["release"]) as string | undefined;
  const plan = await planRollback({ account: place.account, projectDir: PROJECT_DIR, stack, to, pinned });
  for (const problem of plan.unreadable) complain(`warning: ${problem}`);
  if (plan.refused.length > 0 || plan.to === undefined) {
    const message = `stack "${stack}" is left as it is.\n${plan.refused.join("\n")}`;
    throw new Failure("ROLLBACK_REFUSED", message, plan.refused);
  }
  const release = plan.to.releaseId;
  if (!json) {
    say(`${dryRun ? "A rollback" : "Rollback"} of stack ${stack} to ${release}, released ${plan.to.at}`);
    for (const line of rollbackLines(plan)) say(line);
  }
  if (dryRun) return report(options, "rollback", { ...summaryOf(plan), dryRun: true });
  await confirmProd(options, `rollback takes code and image of stack "${stack}" back to ${release}`);
  file.set(KEY, { ...pinOf(plan.to) }, [], NOTE);
  await deploy(place, options, file, summaryOf(plan));
  if (!json) say(`Stack ${stack} is back at ${release}. Commit ${nameOf(stack)}: it keeps the stack there.`);
}

/** Takes the pin away and deploys what this checkout has. */
async function forward(place: Place, options: RollbackOptions): Promise<void> {
  const { stack, json, dryRun } = options;
  const file = new StackFile(PROJECT_DIR, stack);
  const pinned = file.get(KEY) ?? null;
  if (!file.unset(KEY)) {
    if (!json) say(`Stack ${stack} is not rolled back: there is nothing to clear.`);
    return report(options, "rollback", { cleared: null });
  }
  if (dryRun) {
    if (!json) say(`${nameOf(stack)} would no longer keep stack ${stack} at a former release.`);
    return report(options, "rollback", { cleared: pinned, dryRun: true });
  }
  await confirmProd(options, `rollback --clear deploys the code of this checkout to stack "${stack}"`);
  await deploy(place, options, file, { cleared: pinned });
}

async function deploy(place: Place, options: RollbackOptions, file: StackFile, done: object): Promise<void> {
  const { stack } = options;
  const takeBack = options.clear ? `wandstore rollback -s ${stack}` : `wandstore rollback --clear -s ${stack}`;
  const result = await carryOut(place, options, file, takeBack);
  if (result !== undefined && !options.json) showResult(result);
  report(options, "rollback", { ...done, deployment: result === undefined ? null : onlyChanges(result) });
}

const nameOf = (stack: string): string => `Pulumi.${stack}.yaml`;

const summaryOf = ({ from, to, changes }: RollbackPlan) => ({
  from: from?.releaseId ?? null,
  to: to?.releaseId ?? null,
  changes,
});

function report({ stack, json }: RollbackOptions, operation: string, what: object): void {
  if (json) say(JSON.stringify({ operation, stack, ...what }, null, 2));
}
