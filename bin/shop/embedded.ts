import { askHealth } from "../../infra/fleet/health";
import type { StackChange, StackEngine, StackRun } from "../../infra/fleet/engine";
import { outputsOf } from "../../infra/fleet/outputs";
import type { CloudConnection } from "../../local/cloud";
import {
  deploy,
  readOutputs,
  stackAccount,
  type DeployEvent,
  type DeployOptions,
  type OnEvent,
} from "../../local/deploy";
import { OPERATIONS } from "../display/style";
import { PROJECT_DIR } from "../options";

export interface EmbeddedOptions {
  /** The cloud that all its stacks are deployed to. */
  readonly cloud: CloudConnection;
  readonly stateDir: string;
  readonly projectDir?: string;
  /** All that happens, for who draws it. */
  readonly onEvent?: OnEvent;
}

/** Deploys stacks to one embedded cloud, in this process. Its methods throw DeployError. */
export function embeddedStackEngine({
  cloud,
  stateDir,
  projectDir = PROJECT_DIR,
  onEvent,
}: EmbeddedOptions): StackEngine {
  const run = async (
    operation: DeployOptions["operation"],
    stack: string,
    { signal, image, onProgress }: StackRun,
  ): Promise<StackChange> => {
    const { changeSummary, outputs } = await deploy({
      operation,
      stack,
      stateDir,
      projectDir,
      cloud,
      signal,
      env: process.env,
      ...(image && { config: { "wandstore:image": JSON.stringify(image) } }),
      onEvent(event) {
        onEvent?.(event);
        if (onProgress) tell(event, onProgress);
      },
    });
    return { summary: { ...changeSummary }, outputs: operation === "up" ? outputsOf(outputs) : undefined };
  };
  const kept = (stack: string, showSecrets: boolean) => readOutputs({ projectDir, stateDir, stack, showSecrets });
  return {
    source: "embedded",
    preview: (stack, options) => run("preview", stack, options),
    up: (stack, options) => run("up", stack, options),
    destroy: (stack, options) => run("destroy", stack, options),
    outputs: async (stack) => outputsOf(kept(stack, false)),
    async health(stack, outputs, signal) {
      const { api, edge } = stackAccount({ projectDir, stack, cloud, env: process.env });
      await api("GET", "/user/tokens/verify"); // any answer of the API names the edge
      const { adminToken } = kept(stack, true) ?? {};
      return askHealth(edge, outputs, typeof adminToken === "string" ? adminToken : undefined, signal);
    },
  };
}

function tell(event: DeployEvent, onProgress: (text: string) => void): void {
  if (event.kind === "started") onProgress(`${OPERATIONS[event.step.op].doing} ${event.step.name}`);
}
