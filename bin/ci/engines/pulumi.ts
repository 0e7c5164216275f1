import type { ImagePin } from "../../../infra/fleet/engine";
import { outputsIn } from "../../../infra/fleet/outputs";
import { withPinnedCopy } from "../../../infra/fleet/pin";
import { stackAccount } from "../../../local/deploy";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import type { Plan } from "../plan/change";
import { fromPulumi } from "../plan/pulumi";
import { runTool, type ToolOptions } from "../process";
import type { Engine } from "./engine";

const PREVIEW_LIMIT_MS = 15 * 60_000;
const UP_LIMIT_MS = 60 * 60_000;
const ASK_LIMIT_MS = 2 * 60_000;
const HEALTH_LIMIT_MS = 10_000;
const POLICIES = ["--policy-pack", "policies"];

/** The Pulumi CLI of the PATH, on a real account. Backend, passphrase and tokens come from the environment. */
export const pulumiEngine: Engine = {
  source: "pulumi",

  async preview(stack, pin) {
    const args = ["preview", "--json", "--stack", stack, ...POLICIES];
    // The stream of events has the policies' findings; the single document leaves them out.
    const env = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
    const { code, stdout } = await withPin(stack, pin, (file) =>
      pulumi([...args, ...file], { deadlineMs: PREVIEW_LIMIT_MS, env }),
    );
    return planOf(code, stdout);
  },

  async up(stack, pin) {
    const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...POLICIES];
    const { code } = await withPin(stack, pin, (file) =>
      pulumi([...args, ...file], { deadlineMs: UP_LIMIT_MS, echo: true }),
    );
    if (code !== 0) throw new Failure("DEPLOY_FAILED", `pulumi up of stack "${stack}" ended with ${code}`);
  },

  async outputs(stack) {
    const { code, stdout } = await pulumi(["stack", "output", "--json", "--stack", stack], {
      deadlineMs: ASK_LIMIT_MS,
    });
    return code === 0 ? outputsIn(stdout) : undefined;
  },

  async health(stack, { defaultStorefront }) {
    if (defaultStorefront === undefined) return undefined;
    const { edge, api } = stackAccount({ projectDir: PROJECT_DIR, stack, env: process.env });
    // An account that is not Cloudflare's own names its edge with any answer of its API.
    await api("GET", "/user/tokens/verify").catch(() => {});
    const url = new URL("/health", defaultStorefront).href;
    return async () => (await edge(url, { deadlineMs: HEALTH_LIMIT_MS })).status;
  },
};

async function pulumi(args: readonly string[], options: ToolOptions): ReturnType<typeof runTool> {
  const ended = await runTool("pulumi", [...args, "--non-interactive", "--color", "never"], {
    ...options,
    env: { PULUMI_SKIP_UPDATE_CHECK: "true", ...options.env },
  });
  if (ended.code !== 127) return ended;
  throw new Failure(
    "NO_PULUMI",
    "there is no pulumi command on the PATH: install it, or add --local for the embedded cloud",
  );
}

/** A preview that ended badly is still worth reading: it names what it found until then. */
function planOf(code: number, stdout: string): Plan {
  let plan: Plan;
  try {
    plan = fromPulumi(stdout);
  } catch {
    plan = { changes: [], unchanged: 0, findings: [], errors: [] };
    if (code === 0) return { ...plan, errors: ["what pulumi preview printed cannot be read: see the job's log"] };
  }
  const refused = plan.findings.some(({ level }) => level === "mandatory");
  const errors = plan.errors.filter((error) => error !== "preview failed");
  if (code !== 0 && errors.length === 0 && !refused)
    errors.push(`pulumi preview ended with ${code}: see the job's log`);
  return { ...plan, errors };
}

/** Runs the CLI with the image in a copy of the stack's file, named by the arguments that `work` gets. */
const withPin = <T>(
  stack: string,
  pin: ImagePin | undefined,
  work: (args: readonly string[]) => Promise<T>,
): Promise<T> =>
  withPinnedCopy(PROJECT_DIR, stack, pin, (file) => work(file === undefined ? [] : ["--config-file", file]));
