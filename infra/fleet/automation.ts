import path from "node:path";
import { type Deployment, type EngineEvent, Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { z } from "zod";
import type { AskEdge } from "../cloudflare";
import type { StackChange, StackEngine, StackOutputs, StackRun } from "./engine";
import { failureOf, PROTECTED, told } from "./failures";
import { FleetError } from "./errors";
import { askHealth } from "./health";
import { outputsOf } from "./outputs";
import { withPinnedCopy } from "./pin";
import { workspaceAt } from "./workspace";

/** No deployment of a stack takes longer; what hangs is asked to stop then. */
const DEPLOY_LIMIT_MS = 60 * 60_000;

export interface AutomationOptions {
  /** Folder with Pulumi.yaml, the stacks' files and the policy pack. */
  readonly projectDir: string;
  /** How a stack's Workers are asked: for their health alone. */
  readonly edgeOf: (stack: string) => Promise<AskEdge>;
  /** All that the CLI prints, secrets hidden by it. */
  readonly onOutput?: (text: string) => void;
}

/**
 * Deploys by the Pulumi CLI of the PATH, through Pulumi's Automation API. Backend, passphrase and tokens come from the
 * environment. A stack that the backend does not know yet is made in it.
 *
 * Its methods throw FleetError.
 */
export function automationEngine(options: AutomationOptions): StackEngine {
  const { projectDir, edgeOf, onOutput } = options;
  const policyPacks = [path.join(projectDir, "policies")];

  /** One operation of the CLI, with its events read for people, for the summary, and for what went wrong. */
  const operate = async (
    name: string,
    run: StackRun,
    work: (stack: Stack, common: Common) => Promise<Done>,
  ): Promise<StackChange> => {
    const heard = told(run.onProgress);
    try {
      const stack = await Stack.createOrSelect(name, await workspaceAt(projectDir));
      return await withPinnedCopy(projectDir, name, run.image, async (configFile) => {
        const common = {
          color: "never" as const,
          signal: AbortSignal.any([run.signal, AbortSignal.timeout(DEPLOY_LIMIT_MS)]),
          onEvent: heard.onEvent,
          ...(onOutput && { onOutput, onError: onOutput }),
          ...(configFile !== undefined && { configFile }),
        };
        run.signal.throwIfAborted();
        const { changes, outputs } = await work(stack, common);
        return { summary: changes ?? heard.summary, outputs };
      });
    } catch (error) {
      throw failureOf(error, { stack: name, interrupted: run.signal.aborted, heard });
    }
  };

  return {
    source: "pulumi",

    preview: (name, run) =>
      operate(name, run, async (stack, common) => {
        const { changeSummary } = await stack.preview({ ...common, policyPacks });
        return { changes: changeSummary, outputs: undefined };
      }),

    up: (name, run) =>
      operate(name, run, async (stack, common) => {
        const { outputs } = await stack.up({ ...common, policyPacks });
        return { outputs: outputsOf(valuesOf(outputs)) };
      }),

    destroy: (name, run) =>
      operate(name, run, async (stack, common) => {
        checkUnprotected(name, await stack.exportStack());
        await stack.destroy(common);
        return { outputs: undefined };
      }),

    async outputs(name): Promise<StackOutputs | undefined> {
      return outputsOf(valuesOf(await outputsOfStack(projectDir, name)));
    },

    async health(name, outputs, signal) {
      const { adminToken } = valuesOf(await outputsOfStack(projectDir, name));
      const token = typeof adminToken === "string" ? adminToken : undefined;
      return askHealth(await edgeOf(name), outputs, token, signal);
    },
  };
}

interface Common {
  readonly color: "never";
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
  readonly configFile?: string;
}
interface Done {
  readonly changes?: Readonly<Record<string, number>>;
  readonly outputs: StackOutputs | undefined;
}
type Outputs = Awaited<ReturnType<Stack["outputs"]>>;

/**
 * The CLI deletes all that is not protected before it comes upon what is: the data would stay, and the shop be gone.
 * @throws FleetError PROTECTED
 */
function checkUnprotected(name: string, { deployment }: Deployment): void {
  const { resources } = State.parse(deployment);
  if (resources?.some(({ protect }) => protect) !== true) return;
  throw new FleetError("PROTECTED", `stack "${name}" is as it was: ${PROTECTED}`);
}

const Resource = z.object({ protect: z.boolean().default(false) });
const State = z.object({ resources: z.array(Resource).nullish() });

const valuesOf = (outputs: Outputs | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(outputs ?? {}).map(([key, { value }]) => [key, value]));

/** Outputs of a stack; undefined for one that the backend does not know. Secrets are in plain text: they go nowhere. */
async function outputsOfStack(projectDir: string, name: string): Promise<Outputs | undefined> {
  try {
    return await (await workspaceAt(projectDir)).stackOutputs(name);
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    throw failureOf(error, { stack: name });
  }
}

/** When each stack that the backend knows was last changed, by its name; milliseconds since 1970, 0 for never. */
export async function lastUpdates(projectDir: string): Promise<ReadonlyMap<string, number>> {
  try {
    const stacks = await (await workspaceAt(projectDir)).listStacks();
    return new Map(stacks.map(({ name, lastUpdate = "" }) => [name.split("/").at(-1)!, Date.parse(lastUpdate) || 0]));
  } catch (error) {
    throw failureOf(error, {});
  }
}

/** Takes a stack without resources out of the backend; its file stays. */
export async function forgetStack(projectDir: string, name: string): Promise<void> {
  try {
    await (await workspaceAt(projectDir)).removeStack(name, { preserveConfig: true });
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw failureOf(error, { stack: name });
  }
}
