/** Whether the cloud still has a stack as its state says. */
import { readEvents } from "./pulumiEvents";
import type { CloudConnection } from "../../cloud";
import { DeployError } from "../errors";
import type { Handlers } from "../handlers/handler";
import { embeddedAccount, type StackAccount } from "../release/account";
import { StateFile } from "../state/stateFile";
import { lookCloser } from "./closer";
import { readLive } from "./embedded";
import type { Found } from "./found";
import { driftOf } from "./judge";
import type { DriftReport } from "./report";
import { findStrays, stackFiles } from "./strays";

export { isDrifted, type DriftReport, type PropertyDrift, type ResourceDrift, type Stray } from "./report";

interface Where {
  projectDir: string;
  stack: string;
}

/**
 * Compares a stack of the embedded cloud with its state. Undefined for one that was never deployed.
 * @throws DeployError STACK_LOCKED while it is being deployed, CLOUD_CHANGED for the state of another cloud
 */
export async function embeddedDrift(
  options: Where & { project: string; stateDir: string; cloud: CloudConnection; handlers: Handlers },
): Promise<DriftReport | undefined> {
  const { project, stack, stateDir, cloud, handlers } = options;
  const file = new StateFile(stateDir, project, stack);
  if (!file.exists) return undefined;
  const unlock = await file.lock(() => {});
  try {
    const state = file.read();
    if (state.accountId !== undefined && state.accountId !== cloud.accountId) {
      throw new DeployError("CLOUD_CHANGED", `${file.file} was made in another account (${state.accountId})`);
    }
    const reads = await readLive(state, handlers);
    const unfinished = state.pending.map(
      ({ name }) => `${name} was being made when a deployment ended; the next up looks for it`,
    );
    const report = await reportOn(
      embeddedAccount(cloud),
      options,
      reads.map(({ found }) => found),
    );
    return { ...report, notes: [...unfinished, ...report.notes] };
  } finally {
    await unlock();
  }
}

/**
 * The same of a stack in a real account, from the events of `pulumi refresh --preview-only`. Undefined where its state is empty.
 * @param account looked at beyond that, or why it cannot be.
 */
export async function realDrift(
  options: Where & { events: string; account: StackAccount | string },
): Promise<DriftReport | undefined> {
  const { account, events } = options;
  const found = readEvents(events);
  if (found.length === 0) return undefined;
  if (typeof account !== "string") return reportOn(account, options, found);
  const notes = [`Tables, schedules, the code of another version and strays were not looked at: ${account}`];
  return { compared: found.length, resources: driftOf(found), strays: [], notes };
}

async function reportOn(
  account: StackAccount,
  { projectDir, stack }: Where,
  found: readonly Found[],
): Promise<DriftReport> {
  const notes = await lookCloser(account, found);
  const strays = await findStrays(account, stack, stackFiles(projectDir), found);
  return { compared: found.length, resources: driftOf(found), strays, notes };
}
