import { z } from "zod";
import type { CostSettings } from "../../infra/cost";
import { isEmbeddedStack, readOutputs, stackAccount, type StackAccount } from "../../local/deploy";
import { runTool } from "../ci/process";
import { Failure } from "../failure";
import { PROJECT_DIR, type CommonOptions } from "../options";
import { withSession } from "../session";
import { averageDay, notMeasured, type Measured } from "./window";

const ASK_LIMIT_MS = 30_000;
const OUTPUTS_LIMIT_MS = 2 * 60_000;

export interface Asked {
  readonly stack: string;
  readonly settings: CostSettings;
}

type Place = CommonOptions & { apiPort?: number };

/** What each stack was seen to serve, or why nobody knows. Stacks of the embedded cloud are asked in one session of it. */
export async function measure<One extends Asked>(
  stacks: readonly One[],
  place: Place,
): Promise<(One & { measured: Measured | Error })[]> {
  const embedded = new Set(stacks.filter(({ stack }) => isEmbeddedStack(PROJECT_DIR, stack)));
  const where = { projectDir: PROJECT_DIR, env: process.env };
  const ask = async (one: One, account: () => StackAccount): Promise<One & { measured: Measured | Error }> => {
    try {
      return { ...one, measured: await measureOne(one, account(), embedded.has(one) ? place.stateDir : undefined) };
    } catch (error) {
      return { ...one, measured: error as Error };
    }
  };
  const real = stacks.map((one) => () => ask(one, () => stackAccount({ ...where, stack: one.stack })));
  if (embedded.size === 0) return inTurn(real);
  return withSession(place.stateDir, place.apiPort, (cloud) =>
    inTurn(
      stacks.map((one, index) =>
        embedded.has(one) ? () => ask(one, () => stackAccount({ ...where, stack: one.stack, cloud })) : real[index]!,
      ),
    ),
  );
}

async function inTurn<Result>(work: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of work) results.push(await one());
  return results;
}

const Outputs = z.object({ defaultStorefront: z.url(), adminToken: z.string().min(1) });

async function measureOne(
  { stack, settings }: Asked,
  account: StackAccount,
  stateDir: string | undefined,
): Promise<Measured> {
  const outputs = Outputs.safeParse(
    stateDir === undefined ? await realOutputs(stack) : embeddedOutputs(stack, stateDir),
  );
  if (!outputs.success) throw notDeployed(stack);
  const { defaultStorefront, adminToken: bearer } = outputs.data;
  // An account that is not Cloudflare's own names its edge with any answer of its API.
  await account.api("GET", "/user/tokens/verify").catch(() => {});
  const url = new URL("/metrics/window", defaultStorefront).href;
  const { status, body } = await account.edge(url, { bearer, deadlineMs: ASK_LIMIT_MS });
  if (status === 200) return averageDay(stack, body, settings);
  const why =
    status === 404 ? "its Worker has no /metrics/window for this token: deploy it again" : `it answered ${status}`;
  throw notMeasured(stack, why);
}

const embeddedOutputs = (stack: string, stateDir: string): unknown =>
  readOutputs({ projectDir: PROJECT_DIR, stateDir, stack, showSecrets: true });

/** The outputs of a stack in a real account, which only the Pulumi CLI has. */
async function realOutputs(stack: string): Promise<unknown> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", stack, "--non-interactive"];
  const { code, stdout } = await runTool("pulumi", args, { deadlineMs: OUTPUTS_LIMIT_MS });
  if (code === 127) {
    throw new Failure("NO_PULUMI", `stack "${stack}" is in a real account, and there is no pulumi command on the PATH`);
  }
  if (code !== 0) throw notDeployed(stack);
  return JSON.parse(stdout) as unknown;
}

const notDeployed = (stack: string): Failure =>
  new Failure(
    "NOT_DEPLOYED",
    `stack "${stack}" is not deployed, so that nothing is measured: give the traffic by options`,
  );
