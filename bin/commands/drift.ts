import { findDrift, findRealDrift, isDrifted, isEmbeddedStack, type DriftReport } from "../../local/deploy";
import { complain, say } from "../display";
import { driftLines } from "../display/drift";
import { Ended, EXIT, Failure } from "../failure";
import { interruptible } from "../interrupts";
import { PROJECT_DIR, type StackOptions } from "../options";
import { firstDeployment } from "../place";
import { pulumiRefreshEvents } from "../pulumi";
import { withSession } from "../session";

/** `wandstore drift`: what of a stack was changed by hand. Ends with 2 where anything was. */
export async function drift(options: StackOptions): Promise<void> {
  const { stack, json } = options;
  const embedded = isEmbeddedStack(PROJECT_DIR, stack);
  const report = await interruptible((signal) => (embedded ? ofEmbedded(options, signal) : ofReal(stack, signal)));
  if (report === undefined) {
    throw new Failure("NOT_DEPLOYED", `stack "${stack}" is not deployed: run "${firstDeployment(stack)}" first`);
  }
  const remedy = embedded ? `wandstore up --refresh -s ${stack}` : `pulumi up --refresh -s ${stack}`;
  if (json) say(JSON.stringify({ operation: "drift", stack, drifted: isDrifted(report), remedy, ...report }, null, 2));
  else {
    for (const note of report.notes) complain(`warning: ${note}`);
    for (const line of driftLines(stack, report, remedy)) say(line);
  }
  if (isDrifted(report)) throw new Ended(EXIT.DRIFTED);
}

const ofEmbedded = (
  { stack, stateDir, apiPort }: StackOptions,
  signal: AbortSignal,
): Promise<DriftReport | undefined> =>
  withSession(stateDir, apiPort, (cloud) => findDrift({ projectDir: PROJECT_DIR, stack, stateDir, cloud, signal }));

async function ofReal(stack: string, signal: AbortSignal): Promise<DriftReport | undefined> {
  const events = await pulumiRefreshEvents(stack, signal);
  return findRealDrift({ projectDir: PROJECT_DIR, stack, events, env: process.env });
}
