import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import path from "node:path";
import { text as textOf } from "node:stream/consumers";
import { type Account, openAccount } from "./support/account";
import { itIf } from "../support/skip";
import { type Prebuilt, prebuilt } from "./support/prebuilt";
import { HAS_PULUMI } from "./support/pulumi";

/** What a platform team does with a real account, done with the real CLI and provider plugins to the embedded cloud. */
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");
const LIMIT_MS = 400_000;
const PLANTED = "sk-planted-9f3b1c7e55";

let account: Account | undefined;
let project: Account["project"];
let cloud: Account["cloud"];
let pulumi: Account["pulumi"];
let good: Prebuilt;

/** A stack of two members that takes a built image and asks no model: a test asks nobody outside. */
async function initStack(stack: string): Promise<void> {
  project.edit(`Pulumi.${stack}.yaml`, (text) => text.replace(/^ {2}wandstore:llm:\n(?: {4}.*\n)+/m, ""));
  await pulumi.must("stack", "init", stack);
  await setImage(stack, good);
  await pulumi.must("config", "set", "--stack", stack, "--path", "wandstore:pool.size", "2");
  await pulumi.must("config", "set", "--stack", stack, "--path", "wandstore:pool.verify.timeoutSeconds", "30");
}

async function setImage(stack: string, { ref, buildId }: Prebuilt): Promise<void> {
  await pulumi.must("config", "set", "--stack", stack, "--path", "wandstore:image.ref", ref);
  await pulumi.must("config", "set", "--stack", stack, "--path", "wandstore:image.buildId", buildId);
}

const up = (stack: string, ...more: string[]): Promise<string> =>
  pulumi.must("up", "--yes", "--skip-preview", "--stack", stack, ...more);
const expectNoChanges = (stack: string): Promise<string> =>
  pulumi.must("preview", "--stack", stack, "--expect-no-changes");

/** GET at the edge, as a browser that knows the host name. */
async function ask(host: string, pathname: string): Promise<{ status: number; body: string }> {
  const { port } = new URL(cloud.edgeUrl);
  const headers = { host, "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0" };
  const request = get({ host: "127.0.0.1", port, path: pathname, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await textOf(response) };
}

beforeAll(async () => {
  if (!HAS_PULUMI) return;
  account = await openAccount();
  ({ project, cloud, pulumi } = account);
  good = await prebuilt(project.dir, cloud);
}, LIMIT_MS);

afterAll(async () => {
  await account?.remove();
});

describe("staging", () => {
  itWithCli(
    "pulumi up with a token and an account makes a shop that answers, past the policy pack",
    async () => {
      await initStack("staging");
      await pulumi.must("config", "set", "--stack", "staging", "--secret", "wandstore:claudeApiKey", PLANTED);
      const said = await up("staging", "--policy-pack", "policies");
      expect(said).toMatch(/Worker \d+ KiB \(\d+ KiB gzip\)/);
      expect(said).toMatch(/Worker starts in \d+ ms/);
      const address = await pulumi.must("stack", "output", "defaultStorefront", "--stack", "staging");
      const { status, body } = await ask(new URL(address.trim()).host, "/health");
      expect([status, JSON.parse(body)]).toMatchObject([200, { status: "healthy", environment: "staging" }]);
    },
    LIMIT_MS,
  );

  itWithCli(
    "the preview and the refresh right after it find no change",
    async () => {
      await expectNoChanges("staging");
      await pulumi.must("refresh", "--yes", "--stack", "staging", "--expect-no-changes");
      await expectNoChanges("staging");
    },
    LIMIT_MS,
  );

  itWithCli(
    "the key of a model and the account's token are nowhere in plain text",
    async () => {
      const texts = [
        await pulumi.must("stack", "export", "--stack", "staging"),
        await pulumi.must("stack", "output", "--json", "--stack", "staging"),
        await pulumi.must("preview", "--diff", "--json", "--stack", "staging"),
        readFileSync(path.join(project.dir, "Pulumi.staging.yaml"), "utf8"),
      ];
      for (const each of texts) {
        expect(each).not.toContain(PLANTED);
        expect(each).not.toContain(cloud.apiToken);
      }
      expect(texts[0]).toContain("ciphertext");
    },
    LIMIT_MS,
  );

  itWithCli(
    "a share of the requests goes to a new version, then all of them",
    async () => {
      await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:worker.rollout", "10");
      await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:cache.ttlSeconds", "1800");
      await up("staging");
      await expectNoChanges("staging");
      await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:worker.rollout", "100");
      await up("staging");
      await expectNoChanges("staging");
    },
    LIMIT_MS,
  );

  itWithCli(
    "an image whose generator does not start fails the up, which says so and has the former one back",
    async () => {
      await setImage("staging", await prebuilt(project.dir, cloud, () => "process.exit(3);"));
      const args = ["up", "--yes", "--skip-preview", "--stack", "staging"];
      const { code, stdout } = await pulumi.run(args);
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/pool-0, pool-1 answered 503/);
      expect(stdout).toContain(`The former image ${good.ref} is back: all members answer build ${good.buildId}`);
      await setImage("staging", good);
      await expectNoChanges("staging");
    },
    LIMIT_MS,
  );

  itWithCli(
    "what somebody changed by hand is seen by a refresh, and put right by an up",
    async () => {
      const id = (await pulumi.must("stack", "output", "applicationId", "--stack", "staging")).trim();
      await fetch(`${cloud.apiUrl}/accounts/${cloud.accountId}/containers/applications/${id}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${cloud.apiToken}`, "content-type": "application/json" },
        body: JSON.stringify({ max_instances: 7 }),
      });
      const seen = await pulumi.must("refresh", "--preview-only", "--diff", "--stack", "staging");
      expect(seen).toMatch(/maxInstances: 2 => 7/);
      await up("staging", "--refresh");
      await expectNoChanges("staging");
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
});

describe("prod", () => {
  itWithCli(
    "the shop answers at its own host name; the second preview is empty; destroy is refused",
    async () => {
      await initStack("prod");
      await up("prod", "--policy-pack", "policies");
      expect((await ask("shop.example.com", "/s/magic-wands")).status).toBe(200);
      await expectNoChanges("prod");
      const { code, stdout } = await pulumi.run(["destroy", "--yes", "--stack", "prod"]);
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/cannot be deleted\s+because it is protected/);
      expect((await ask("shop.example.com", "/health")).status).toBe(200);
    },
    LIMIT_MS,
  );

  itWithCli(
    "without its protection it is exported, and then it is gone",
    async () => {
      await pulumi.must("config", "set", "--stack", "prod", "wandstore:protect", "false");
      await up("prod");
      await pulumi.must("destroy", "--yes", "--skip-preview", "--stack", "prod");
      const exports = path.join(project.dir, "exports/prod");
      const [folder = ""] = readdirSync(exports);
      const manifest = JSON.parse(readFileSync(path.join(exports, folder, "manifest.json"), "utf8")) as object;
      expect(manifest).toMatchObject({ accountId: cloud.accountId, d1: { file: "d1.sql" } });
      expect(readFileSync(path.join(exports, folder, "d1.sql"), "utf8")).toContain("CREATE TABLE");
      expect((await ask("shop.example.com", "/health")).status).toBe(404);
    },
    LIMIT_MS,
  );
});
