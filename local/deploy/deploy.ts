import type { Policies } from "@pulumi/policy";
import type { CloudConnection } from "../cloud";
import { refresh } from "./drift/refresh";
import { Engine, type EngineOptions } from "./engine/engine";
import { recover } from "./engine/recover";
import { makeUrn, STACK_TYPE } from "./engine/urn";
import { plain, shown, type Props, type Value } from "./engine/values";
import { DeployError } from "./errors";
import type { ChangeSummary, OnEvent, PolicyResult, Step } from "./events";
import type { Functions, Handlers } from "./handlers/handler";
import { judge, violationOf, type PolicyConfig } from "./policy";
import { runProgram, type Program } from "./program/run";
import type { StackConfig } from "./stack/project";
import { StateFile } from "./state/stateFile";
import type { StackState } from "./state/stackState";

export interface DeployResult {
  changeSummary: ChangeSummary;
  /** What was done, or would be; resources that stay as they are are not named. */
  steps: Step[];
  /** Secrets as `[secret]`, what only a deployment can tell as `[unknown]`. */
  outputs: Record<string, Value>;
  policy: PolicyResult[];
}

/** Everything a run needs, put together by `index.ts` for a project and by tests for a small program. */
export interface Deployment {
  operation: "preview" | "up" | "destroy";
  project: string;
  stack: string;
  stateDir: string;
  cloud: CloudConnection | undefined;
  config: StackConfig;
  program: Program;
  handlers: Handlers;
  functions: Functions;
  policies: Policies;
  /** Levels and thresholds that are set over the policies' own. */
  policyConfig?: PolicyConfig;
  onEvent: OnEvent;
  signal?: AbortSignal | undefined;
  /** Takes what the cloud has into the state first, so that what was changed by hand is put right. */
  refresh?: boolean | undefined;
  now?: () => number;
}

/** Carries out one operation on one stack. @throws DeployError, after which the state holds what was made. */
export async function run(asked: Deployment): Promise<DeployResult> {
  const deployment = { ...asked, onEvent: toldOnce(asked.onEvent) };
  const file = new StateFile(deployment.stateDir, deployment.project, deployment.stack);
  if (deployment.operation === "preview") {
    const state = await load(deployment, file);
    return (await plan(deployment, state)).result;
  }
  if (deployment.cloud === undefined) {
    throw new DeployError("CLOUD_NEEDED", `${deployment.operation} needs a running embedded cloud, and was given none`);
  }
  const lost = new AbortController();
  const release = await file.lock(() => lost.abort());
  const signal = AbortSignal.any([lost.signal, ...(deployment.signal === undefined ? [] : [deployment.signal])]);
  try {
    const state = await load(deployment, file);
    return await (deployment.operation === "up" ? up : destroy)({ ...deployment, signal }, state, file);
  } finally {
    await release();
  }
}

/** An `up` runs the program twice: what it logs both times is told once, what only the second run knows is told then. */
function toldOnce(onEvent: OnEvent): OnEvent {
  const told = new Set<string>();
  return (event) => {
    if (event.kind === "diagnostic") {
      const message = JSON.stringify([event.level, event.urn, event.message]);
      if (told.has(message)) return;
      told.add(message);
    }
    onEvent(event);
  };
}

async function load(deployment: Deployment, file: StateFile): Promise<StackState> {
  const { cloud, handlers, onEvent, operation } = deployment;
  const state = await settled(deployment, file);
  if (cloud === undefined || deployment.refresh !== true) return state;
  for (const { name, what, left } of await refresh(state, handlers)) {
    const then = left === true ? `; no deployment puts it right: see "wandstore drift -s ${state.stack}"` : "";
    const message = `${name} was ${what} by hand${then}`;
    onEvent({ kind: "diagnostic", level: left === true ? "warning" : "info", message });
  }
  if (operation !== "preview") await file.save(state);
  return state;
}

/** The state, with the creates settled that nobody learnt the end of. */
async function settled(deployment: Deployment, file: StateFile): Promise<StackState> {
  const { cloud, handlers, onEvent, operation } = deployment;
  const state = file.read();
  if (cloud === undefined) return state;
  state.accountId ??= cloud.accountId;
  if (state.accountId !== cloud.accountId) {
    throw new DeployError(
      "CLOUD_CHANGED",
      `${file.file} was made in account ${state.accountId}, and the cloud here is ${cloud.accountId}: ` +
        "its data was removed or replaced. Put it back, or remove that file to begin anew",
    );
  }
  if (state.pending.length === 0) return state;
  const found = await recover(state, handlers);
  for (const name of found) {
    const message = `${name} had been made by a run that was interrupted; it is kept`;
    onEvent({ kind: "diagnostic", level: "info", message });
  }
  if (operation !== "preview") await file.save(state);
  return state;
}

/** Runs the program without making anything, and judges all it declares. */
async function plan(deployment: Deployment, state: StackState): Promise<{ result: DeployResult; engine: Engine }> {
  const { onEvent, stack, project, policies, policyConfig: config = {} } = deployment;
  onEvent({ kind: "phase", phase: "plan" });
  // A copy: what the plan decides must not become the state.
  const engine = newEngine(deployment, "plan", structuredClone(state), async () => {});
  const outputs = await runWith(deployment, engine, true);
  await engine.finish();
  const root = { urn: stackUrn(project, stack), type: STACK_TYPE, name: `${project}-${stack}`, outputs };
  const policy = await judge({ policies, config, declared: engine.declared, stack: root });
  for (const result of policy) onEvent({ kind: "policy", result });
  const refusals = [...engine.refusals];
  const violation = violationOf(policy);
  if (violation !== undefined) refusals.push(violation);
  if (refusals.length === 1) throw refusals[0]!;
  if (refusals.length > 1) {
    throw new DeployError(refusals[0]!.code, refusals.map((refusal) => refusal.message).join("\n"));
  }
  return { result: resultOf(engine, outputs, policy), engine };
}

async function up(deployment: Deployment, state: StackState, file: StateFile): Promise<DeployResult> {
  const { result } = await plan(deployment, state);
  deployment.onEvent({ kind: "phase", phase: "apply" });
  const save = (): Promise<void> => file.save(state);
  const engine = newEngine(deployment, "apply", state, save);
  const outputs = await runWith(deployment, engine, false);
  await engine.finish(deployment.signal);
  await save();
  deployment.onEvent({ kind: "outputs", outputs: shown(outputs) as Props });
  return resultOf(engine, outputs, result.policy);
}

/** Works from the state alone: the program may be gone or broken. */
async function destroy(deployment: Deployment, state: StackState, file: StateFile): Promise<DeployResult> {
  const check = newEngine(deployment, "plan", structuredClone(state), async () => {});
  await check.finish();
  if (check.refusals.length > 0) throw check.refusals[0]!;
  const engine = newEngine(deployment, "apply", state, () => file.save(state));
  await engine.finish(deployment.signal);
  if (state.resources.length === 0) file.remove();
  return resultOf(engine, {}, []);
}

function newEngine(deployment: Deployment, mode: EngineOptions["mode"], state: StackState, save: () => Promise<void>) {
  const { handlers, onEvent, now = Date.now } = deployment;
  return new Engine({ mode, state, handlers, onEvent, now, save });
}

/** Runs the program against an engine and answers with the stack's outputs. */
async function runWith(deployment: Deployment, engine: Engine, preview: boolean): Promise<Props> {
  const { project, stack, config, functions, onEvent, signal } = deployment;
  const own = stackUrn(project, stack);
  let outputs: Props = {};
  await runProgram(deployment.program, {
    project,
    stack,
    preview,
    config: config.values,
    secretKeys: config.secretKeys,
    functions,
    onEvent,
    signal,
    engine: {
      register: (registration) => engine.register(registration),
      setOutputs: async (urn, values) => {
        if (urn === own) outputs = values;
        await engine.setOutputs(urn, values);
      },
    },
  });
  return outputs;
}

function resultOf(engine: Engine, outputs: Props, policy: PolicyResult[]): DeployResult {
  const { summary, steps } = engine;
  return { changeSummary: summary, steps, outputs: shown(outputs) as Props, policy };
}

const stackUrn = (project: string, stack: string): string =>
  makeUrn(stack, project, undefined, STACK_TYPE, `${project}-${stack}`);

/** The outputs of the last `up`, from the state; undefined for a stack that is not deployed. */
export function readOutputs(
  stateDir: string,
  project: string,
  stack: string,
  showSecrets: boolean,
): Record<string, Value> | undefined {
  const { resources } = new StateFile(stateDir, project, stack).read();
  const root = resources.find((resource) => resource.urn === stackUrn(project, stack));
  if (root === undefined) return undefined;
  return (showSecrets ? plain(root.outputs) : shown(root.outputs)) as Props;
}
