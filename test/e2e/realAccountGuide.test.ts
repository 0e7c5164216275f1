import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { shellBlocks, textOf } from "../docs/blocks";
import { type Account, openAccount, withoutModels } from "./support/account";
import { itIf } from "../support/skip";
import { prebuilt } from "./support/prebuilt";
import { HAS_PULUMI } from "./support/pulumi";

const GUIDE = "docs/guides/real-account.md";
const LIMIT_MS = 900_000;
/** What is there in a test already: the packages, the account and its token, a backend. */
const THERE = /^(npm ci|export CLOUDFLARE_|pulumi login)/;

let account: Account | undefined;
let project: Account["project"];
let cloud: Account["cloud"];
let pulumi: Account["pulumi"];

beforeAll(async () => {
  if (!HAS_PULUMI) return;
  account = await openAccount();
  ({ project, cloud, pulumi } = account);
  // No engine of Docker's and no model: an image that is built already, and nobody outside is asked.
  const { ref, buildId } = await prebuilt(project.dir, cloud);
  for (const stack of ["staging", "prod"]) withoutModels(project, stack);
  project.edit("Pulumi.staging.yaml", (text) => `${text}  wandstore:image: { ref: "${ref}", buildId: "${buildId}" }\n`);
}, LIMIT_MS);

afterAll(async () => {
  await account?.remove();
});

itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH")(
  `what ${GUIDE} says can be done as it says it, to the end`,
  async () => {
    const lines = shellBlocks(textOf(GUIDE)).flatMap((block) => block.split("\n"));
    const commands = lines.filter((line) => line.trim() !== "" && !THERE.test(line));
    const script = commands.map((line) =>
      // What the CLI asks a person for comes from the test.
      line.includes("--secret") ? line.replace(/\s*(#.*)?$/, ' <<< "sk-a-key-of-the-tests"') : line,
    );
    expect(script.length).toBeGreaterThan(10);
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script.join("\n")], {
      cwd: project.dir,
      timeout: LIMIT_MS,
      maxBuffer: 1 << 26,
      env: { ...pulumi.env, PULUMI_SKIP_CONFIRMATIONS: "true" },
    });
    expect(stdout).not.toContain("sk-a-key-of-the-tests");
    const { deployment } = JSON.parse(await pulumi.must("stack", "export", "--stack", "prod")) as {
      deployment: { resources?: unknown[] };
    };
    expect(deployment.resources ?? []).toHaveLength(0); // the guide ends with its removal
  },
  LIMIT_MS,
);
