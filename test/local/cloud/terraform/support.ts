/** The real Terraform or OpenTofu with Cloudflare's provider, against an embedded cloud of the test's own. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { CloudConnection } from "../../../../local/cloud";

/** Longest that one run may take on a busy machine, the provider's start included. */
const RUN_LIMIT_MS = 300_000;

/** Where the provider's binary lies, such as `.terraform/providers/…/cloudflare/5.22.0/linux_amd64` after a `terraform init`. */
const PROVIDER_DIR = process.env["TF_CLOUDFLARE_PROVIDER_DIR"] ?? "";
const CLI = ["tofu", "terraform"].find((one) => spawnSync(one, ["version"], { stdio: "ignore" }).status === 0);

export const HAS_TERRAFORM = CLI !== undefined && PROVIDER_DIR !== "" && existsSync(PROVIDER_DIR);
export const NEEDS =
  "needs tofu or terraform on the PATH, and the folder of Cloudflare's provider in TF_CLOUDFLARE_PROVIDER_DIR";

interface Run {
  code: number | null;
  stdout: string;
  /** Both streams, without colours. */
  text: string;
}

/** What a plan would do, by the address of the resource; what stays as it is, is left out. */
export type Actions = Record<string, string>;

interface PlanDocument {
  resource_changes?: { address: string; mode: string; change: { actions: string[]; importing?: object } }[];
  resource_drift?: { address: string; change: { actions: string[] } }[];
}

interface StateDocument {
  values?: { root_module: { resources?: { address: string; values: Record<string, string> }[] } };
}

export class Terraform {
  private constructor(
    /** The folder that it runs in, a copy of a fixture. */
    readonly dir: string,
    readonly env: Readonly<NodeJS.ProcessEnv>,
  ) {}

  static async open(
    fixture: string,
    cloud: Pick<CloudConnection, "apiUrl" | "apiToken" | "accountId">,
  ): Promise<Terraform> {
    const dir = await mkdtemp(path.join(tmpdir(), "terraform-"));
    await cp(fixture, dir, { recursive: true });
    // The provider's binary as it is, so that no registry is asked and no `init` is needed.
    const config = path.join(dir, "cli.tfrc");
    await writeFile(
      config,
      `provider_installation {\n  dev_overrides {\n    "cloudflare/cloudflare" = ${JSON.stringify(PROVIDER_DIR)}\n  }\n  direct {}\n}\n`,
    );
    return new Terraform(dir, {
      PATH: process.env["PATH"],
      HOME: dir,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_CLI_CONFIG_FILE: config,
      // All that points the provider at the embedded cloud, as a platform team would at its account.
      CLOUDFLARE_BASE_URL: cloud.apiUrl,
      CLOUDFLARE_API_TOKEN: cloud.apiToken,
      TF_VAR_account_id: cloud.accountId,
    });
  }

  remove = (): Promise<void> => rm(this.dir, { recursive: true, force: true });

  /** What it said on stdout. @throws Error with all that it said, where it does not end with 0 */
  async ok(...args: string[]): Promise<string> {
    const { code, stdout, text } = await this.#run(args);
    if (code !== 0) throw new Error(`${CLI} ${args.join(" ")} ended with ${code}:\n${text}`);
    return stdout;
  }

  #run(args: readonly string[]): Promise<Run> {
    return new Promise((resolve) => {
      const options = { cwd: this.dir, env: this.env, timeout: RUN_LIMIT_MS, maxBuffer: 1 << 26 };
      execFile(CLI ?? "terraform", [...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        resolve({ code, stdout, text: stripVTControlCharacters(stdout + stderr) });
      });
    });
  }

  apply = (...args: string[]): Promise<string> =>
    this.ok("apply", "-auto-approve", "-input=false", "-compact-warnings", ...args);

  /** What a plan would do, and where it found a change that was made behind its back. */
  async plan(...args: string[]): Promise<{ actions: Actions; drifted: string[] }> {
    await this.ok("plan", "-out=plan", "-input=false", ...args);
    const document = JSON.parse(await this.ok("show", "-json", "plan")) as PlanDocument;
    const changes = (document.resource_changes ?? []).filter(({ mode }) => mode === "managed");
    return {
      actions: Object.fromEntries(
        changes.flatMap(({ address, change }) => {
          const actions = [...(change.importing ? ["import"] : []), ...change.actions].filter((one) => one !== "no-op");
          return actions.length > 0 ? [[address, actions.join(", ")]] : [];
        }),
      ),
      drifted: (document.resource_drift ?? []).map(({ address }) => address),
    };
  }

  /** What the state knows of each resource, by its address. */
  async values(): Promise<Record<string, Record<string, string>>> {
    const document = JSON.parse(await this.ok("show", "-json")) as StateDocument;
    const { resources = [] } = document.values?.root_module ?? {};
    return Object.fromEntries(resources.map(({ address, values }) => [address, values]));
  }
}
