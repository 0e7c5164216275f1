import { readFileSync } from "node:fs";
import path from "node:path";
import { bundleGenerator } from "../../infra/bundle";
import { IMAGE_REPOSITORY } from "../../infra/naming";
import { type Cloud, startCloud } from "../../local/cloud";
import { buildImage } from "../../local/deploy/image/build";
import { readDockerfile } from "../../local/deploy/image/dockerfile";
import { pushImage } from "../../local/deploy/image/push";
import { itIf } from "../support/skip";
import { Project } from "./support/project";
import { HAS_PULUMI, PulumiCli } from "./support/pulumi";

/** What a platform team does with a real account, done with the real CLI and provider plugins to the embedded cloud. */
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");
const LIMIT_MS = 400_000;
const PLANTED = "sk-planted-9f3b1c7e55";

let project: Project;
let cloud: Cloud;
let pulumi: PulumiCli;

beforeAll(async () => {
  if (!HAS_PULUMI) return;
  project = new Project();
  cloud = await startCloud({ stateDir: project.stateDir, apiPort: 0, edgePort: 0 });
  pulumi = new PulumiCli(project.dir, cloud);

  const { folder, buildId, tag } = bundleGenerator(project.dir, path.join(project.dir, "prebuilt"));
  const image = await buildImage(
    readDockerfile(readFileSync(path.join(folder, "Dockerfile"), "utf8")),
    folder,
    "linux/amd64",
  );
  const repository = `${cloud.accountId}/${IMAGE_REPOSITORY}`;
  const registryUrl = new URL(cloud.apiUrl).origin;
  const digest = await pushImage(image, { registryUrl, authorization: `Bearer ${cloud.apiToken}`, repository, tag });

  // No model: a test asks nobody outside.
  project.edit("Pulumi.staging.yaml", (text) => text.replace(/^ {2}wandstore:llm:\n(?: {4}.*\n)+/m, ""));
  await pulumi.must("stack", "init", "staging");
  await pulumi.must(
    "config",
    "set",
    "--path",
    "wandstore:image.ref",
    `registry.cloudflare.com/${repository}@${digest}`,
  );
  await pulumi.must("config", "set", "--path", "wandstore:image.buildId", buildId);
  await pulumi.must("config", "set", "--path", "wandstore:pool.size", "2");
  await pulumi.must("config", "set", "--secret", "wandstore:claudeApiKey", PLANTED);
}, LIMIT_MS);

afterAll(async () => {
  await cloud?.close();
  await project?.remove();
});

/** GET at the edge, as the Worker's own host. */
async function ask(pathname: string): Promise<{ status: number; body: string }> {
  const { port } = new URL(cloud.edgeUrl);
  const response = await fetch(`http://127.0.0.1:${port}${pathname}`);
  return { status: response.status, body: await response.text() };
}

itWithCli(
  "pulumi up -s staging with a token and an account makes a shop that answers, past the policy pack",
  async () => {
    const said = await pulumi.must("up", "--yes", "--skip-preview", "--stack", "staging", "--policy-pack", "policies");
    expect(said).toMatch(/Worker \d+ KiB/);
    const { status, body } = await ask("/health");
    expect([status, JSON.parse(body)]).toMatchObject([200, { status: "healthy", environment: "staging" }]);
  },
  LIMIT_MS,
);

itWithCli(
  "the preview and the refresh right after it find no change",
  async () => {
    await pulumi.must("preview", "--stack", "staging", "--expect-no-changes");
    await pulumi.must("refresh", "--yes", "--stack", "staging", "--expect-no-changes");
    await pulumi.must("preview", "--stack", "staging", "--expect-no-changes");
  },
  LIMIT_MS,
);

itWithCli(
  "the key of a model is nowhere in plain text: not in the state, the outputs, the preview or the stack file",
  async () => {
    const exported = await pulumi.must("stack", "export", "--stack", "staging");
    const outputs = await pulumi.must("stack", "output", "--json", "--stack", "staging");
    const preview = await pulumi.must("preview", "--diff", "--json", "--stack", "staging");
    const file = readFileSync(path.join(project.dir, "Pulumi.staging.yaml"), "utf8");
    for (const text of [exported, outputs, preview, file]) expect(text).not.toContain(PLANTED);
    expect(exported).toContain("ciphertext");
  },
  LIMIT_MS,
);

itWithCli(
  "a share of the requests goes to a new version, then all of them",
  async () => {
    await pulumi.must("config", "set", "--path", "wandstore:worker.rollout", "10");
    await pulumi.must("config", "set", "--path", "wandstore:cache.ttlSeconds", "1800");
    await pulumi.must("up", "--yes", "--skip-preview", "--stack", "staging");
    await pulumi.must("preview", "--stack", "staging", "--expect-no-changes");
    await pulumi.must("config", "set", "--path", "wandstore:worker.rollout", "100");
    await pulumi.must("up", "--yes", "--skip-preview", "--stack", "staging");
    await pulumi.must("preview", "--stack", "staging", "--expect-no-changes");
  },
  LIMIT_MS,
);

itWithCli(
  "destroy leaves nothing",
  async () => {
    await pulumi.must("destroy", "--yes", "--skip-preview", "--stack", "staging");
    const { deployment } = JSON.parse(await pulumi.must("stack", "export", "--stack", "staging")) as {
      deployment: { resources?: unknown[] };
    };
    expect(deployment.resources ?? []).toHaveLength(0);
  },
  LIMIT_MS,
);
