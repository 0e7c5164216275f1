import { assertEmbedded, deploy, isEmbeddedStack, type DeployEvent, type DeployResult } from "../../local/deploy";
import type { CloudConnection } from "../../local/cloud";
import { complain, outputLines, policyLines, progressOn, say, stepLines, summaryLine } from "../display";
import { interruptible } from "../interrupts";
import { PROJECT_DIR, type StackOptions } from "../options";
import { withSession } from "../session";

export interface RefreshOptions extends StackOptions {
  /** Sees first what was changed by hand. */
  refresh?: boolean;
}

const HERE = { projectDir: PROJECT_DIR, env: process.env };

/** Runs one operation with its progress on the screen. */
export async function deployShowing(
  operation: "up" | "destroy",
  stack: string,
  stateDir: string,
  cloud: CloudConnection,
  signal: AbortSignal,
  refresh?: boolean,
): Promise<DeployResult> {
  const progress = progressOn(process.stdout);
  try {
    const { onEvent } = progress;
    return await deploy({ operation, stack, stateDir, cloud, onEvent, signal, refresh, ...HERE });
  } finally {
    progress.end();
  }
}

/** `wandstore preview`: judges the program and says what an `up` would do. Stacks of a real account are judged offline. */
export async function preview(options: RefreshOptions): Promise<void> {
  const { stack, stateDir, json, refresh } = options;
  const run = (cloud?: CloudConnection): Promise<DeployResult> =>
    deploy({ operation: "preview", stack, stateDir, cloud, onEvent: warn, refresh, ...HERE });
  const embedded = isEmbeddedStack(PROJECT_DIR, stack);
  const result = embedded ? await withSession(stateDir, options.apiPort, run) : await run();
  if (json) return printJson("preview", stack, result);
  const { changeSummary, outputs } = result;
  const changes = Object.entries(changeSummary).some(([op, count]) => op !== "same" && count > 0);
  say(`Preview of stack ${stack}${embedded ? "" : " (offline: nothing of a real account is asked)"}`);
  for (const line of [...stepLines(result.steps), ...policyLines(result)]) say(line);
  if (changes) {
    say();
    for (const line of outputLines(outputs)) say(line);
    say();
  }
  say(`Resources: ${summaryLine(result, true)}`);
}

/** `wandstore up` and `wandstore destroy`. */
export async function change(operation: "up" | "destroy", options: RefreshOptions): Promise<void> {
  const { stack, stateDir, apiPort, json } = options;
  assertEmbedded(PROJECT_DIR, stack);
  const result = await interruptible((signal) =>
    withSession(stateDir, apiPort, (cloud) => deployIn(operation, cloud, options, signal)),
  );
  if (json) printJson(operation, stack, result);
  else showResult(result);
}

/** Runs one operation in a cloud, with its progress on the screen unless a document is wanted. */
export async function deployIn(
  operation: "up" | "destroy",
  cloud: CloudConnection,
  { stack, stateDir, json, refresh }: Pick<RefreshOptions, "stack" | "stateDir" | "json" | "refresh">,
  signal: AbortSignal,
): Promise<DeployResult> {
  if (!json) return deployShowing(operation, stack, stateDir, cloud, signal, refresh);
  return deploy({ operation, stack, stateDir, cloud, onEvent: warn, signal, refresh, ...HERE });
}

/** Advice, outputs and counts of what was done. */
export function showResult(result: DeployResult): void {
  for (const line of policyLines(result)) say(line);
  if (Object.keys(result.outputs).length > 0) {
    say();
    say("Outputs:");
    for (const line of outputLines(result.outputs)) say(line);
    say();
  }
  say(`Resources: ${summaryLine(result, false)}`);
}

/** The document of `--json`; like the table for people, it names only the resources that change. */
function printJson(operation: string, stack: string, result: DeployResult): void {
  say(JSON.stringify({ operation, stack, ...onlyChanges(result) }, null, 2));
}

export function onlyChanges(result: DeployResult): DeployResult {
  return { ...result, steps: result.steps.filter((step) => step.op !== "same") };
}

/** Warnings of a run without a display go where they disturb no document. */
function warn(event: DeployEvent): void {
  if (event.kind !== "diagnostic" || event.level === "info") return;
  complain(`${event.level}: ${event.message}`);
}
