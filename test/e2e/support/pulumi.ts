import { execFile, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import type { CloudConnection } from "../../../local/cloud";
import type { Ended } from "./project";

/** Longest that one run of the CLI may take on a busy machine, its plugins' start included. */
const RUN_LIMIT_MS = 300_000;

/** Whether the Pulumi CLI is on this machine. */
export const HAS_PULUMI = spawnSync("pulumi", ["version"], { stdio: "ignore" }).status === 0;

/** The real Pulumi CLI in a project's folder, with a state of its own and an account in the embedded cloud. */
export class PulumiCli {
  readonly #dir: string;
  /** The variables that the CLI runs with. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stateDir: string;

  constructor(projectDir: string, cloud: CloudConnection) {
    this.#dir = projectDir;
    this.stateDir = path.join(projectDir, "pulumi-state");
    mkdirSync(this.stateDir);
    this.env = {
      PATH: `${path.join(projectDir, "node_modules/.bin")}${path.delimiter}${process.env["PATH"]}`,
      HOME: process.env["HOME"],
      PULUMI_HOME: process.env["PULUMI_HOME"] ?? path.join(projectDir, "pulumi-home"),
      PULUMI_BACKEND_URL: `file://${this.stateDir}`,
      PULUMI_CONFIG_PASSPHRASE: "only for this test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // All that points the CLI at the embedded cloud, as a platform team would at its account.
      CLOUDFLARE_BASE_URL: cloud.apiUrl,
      CLOUDFLARE_API_TOKEN: cloud.apiToken,
      CLOUDFLARE_ACCOUNT_ID: cloud.accountId,
    };
  }

  /** Runs it to its end, with variables added or (undefined) taken away. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const options = {
        cwd: this.#dir,
        env: { ...this.env, ...env },
        timeout: RUN_LIMIT_MS,
        maxBuffer: 1 << 26,
      };
      execFile("pulumi", [...args, "--non-interactive", "--color", "never"], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : null, stdout, stderr });
      });
    });
  }

  /** Runs it and fails with all that it said when it fails. */
  async must(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
    return stdout;
  }
}
