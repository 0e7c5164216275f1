import path from "node:path";
import { isEmbeddedStack, StackFile } from "../../../local/deploy";
import { findCloud } from "../../../local/cloud/find";
import type { ImagePin } from "../../../infra/fleet/engine";
import { outputsIn } from "../../../infra/fleet/outputs";
import { Failure } from "../../failure";
import { PROJECT_DIR } from "../../options";
import { fromEmbedded } from "../plan/embedded";
import { runTool, type Ended } from "../process";
import type { Engine } from "./engine";

const LIMIT_MS = 15 * 60_000;
const HEALTH_LIMIT_MS = 10_000;

/**
 * The embedded deployment, through its command line. A stack of a real account is previewed offline: nothing is known of what
 * there is, so that all of it is new.
 */
export function embeddedEngine(stateDir: string, stack: string): Engine {
  const wandstore = (command: string, name: string): Promise<Ended> => {
    const args = [path.join(PROJECT_DIR, "bin/wandstore.js"), command, "-s", name, "--json", "--state-dir", stateDir];
    return runTool(process.execPath, args, { deadlineMs: LIMIT_MS });
  };
  return {
    source: isEmbeddedStack(PROJECT_DIR, stack) ? "embedded" : "offline",

    async preview(name, pin) {
      if (isEmbeddedStack(PROJECT_DIR, name)) await writePin(name, pin);
      const { stdout } = await wandstore("preview", name);
      return fromEmbedded(stdout);
    },

    async up(name, pin) {
      await writePin(name, pin);
      const { code, stdout } = await wandstore("up", name);
      if (code === 0) return;
      const [error] = fromEmbedded(stdout).errors;
      throw new Failure("DEPLOY_FAILED", `stack "${name}" was not deployed: ${error ?? `it ended with ${code}`}`);
    },

    async outputs(name) {
      const { code, stdout } = await wandstore("outputs", name);
      return code === 0 ? outputsIn(stdout) : undefined;
    },

    async health() {
      const cloud = await findCloud(stateDir);
      if (cloud === undefined) return undefined;
      return async () => {
        const response = await fetch(new URL("/health", cloud.edgeUrl), {
          signal: AbortSignal.timeout(HEALTH_LIMIT_MS),
        });
        await response.body?.cancel();
        return response.status;
      };
    },
  };
}

/** The embedded deployment reads the stack's own file: the image is written there, as a rollback is. */
async function writePin(stack: string, pin: ImagePin | undefined): Promise<void> {
  if (pin === undefined) return;
  const file = new StackFile(PROJECT_DIR, stack);
  file.set("wandstore:image", { ...pin });
  await file.save();
}
