import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readHistory } from "../../local/deploy";
import { embeddedAccount } from "../../local/deploy/release/account";
import { Project, type Ended, type RunningShop } from "../e2e/support/project";

jest.setTimeout(600_000);

const PLANTED = "planted-key-that-must-appear-nowhere";
const PASSPHRASE = "planted-passphrase-too";
const GUIDE = path.resolve(__dirname, "../../docs/guides/rollback.md");
const SCRIPT = "wandstore-dev-storefront";

/** The commands of the guide, in order, without the way to call the command line. */
const guided = [...readFileSync(GUIDE, "utf8").matchAll(/^npm run -s wandstore -- (.*)$/gm)].map(([, line]) =>
  line!.split(" "),
);

describe("releases, rollback and rollout", () => {
  const project = new Project();
  const nothing = path.join(project.dir, "no-programs");
  // No program of this machine is found by its name: not the Pulumi CLI, above all.
  Object.assign(project.env, { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, PATH: nothing });
  let shop: RunningShop;
  const said: string[] = [];
  afterAll(() => project.remove());

  const run = async (...args: string[]): Promise<Ended> => {
    const ended = await (args[0] === "config" ? project.runPlain(...args) : project.run(...args));
    said.push(ended.stdout, ended.stderr);
    return ended;
  };
  const ok = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  };
  const stackFile = (stack = "dev") => readFileSync(path.join(project.dir, `Pulumi.${stack}.yaml`), "utf8");
  const account = () => embeddedAccount({ ...shop, registryUrl: "" });
  const released = async () => (await readHistory(account(), "dev")).releases;
  /** Versions that get requests now, with their shares. */
  const shares = async (): Promise<Record<string, number>> => {
    const { deployments } = await account().api<{
      deployments: { versions: { version_id: string; percentage: number }[] }[];
    }>("GET", `/accounts/${shop.accountId}/workers/scripts/${SCRIPT}/deployments`);
    return Object.fromEntries(deployments[0]!.versions.map((one) => [one.version_id, one.percentage]));
  };

  it("refuses to go back before there is anything to go back to, and writes nothing", async () => {
    await ok("config", "set", "--secret", "kimiApiKey", PLANTED);
    shop = await project.start();
    const before = stackFile();
    const refused = await run("rollback", "-s", "dev", "--yes", "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual({
      error: {
        code: "ROLLBACK_REFUSED",
        message: expect.stringContaining("none to return to"),
        reasons: [expect.stringContaining("none to return to")],
      },
    });
    expect(stackFile()).toBe(before);
  });

  it("does what the guide says: back, forward, and by steps", async () => {
    const [list, judge, back, clear, quarter, none, all, ...more] = guided as string[][];
    expect(more).toEqual([]);
    const first = (await released())[0]!;
    await ok("config", "set", "--path", "cache.ttlSeconds", "1234");
    await ok("up", "-s", "dev");
    const second = (await released())[0]!;
    expect(second.worker.versionId).not.toBe(first.worker.versionId);

    const table = (await ok(...list!)).trim().split("\n");
    expect(table[1]).toMatch(new RegExp(`${second.releaseId}.*current$`));
    expect(table[2]).toMatch(new RegExp(`${first.releaseId}.*rollback goes here$`));
    const before = stackFile();
    expect(await ok(...judge!)).toMatch(/Worker version +\S+ +→ .*\n +image +\S+ +stays\n +schema +\S+ +stays/);
    expect(stackFile()).toBe(before);

    expect(await ok(...back!)).toContain(`back at ${first.releaseId}`);
    expect(await shares()).toEqual({ [first.worker.versionId]: 100 });
    expect(stackFile()).toMatch(
      new RegExp(`# Written by .*\n  wandstore:rollback:\n    release: ${first.releaseId}\n`),
    );
    expect((await released())[0]).toMatchObject({
      rollbackOf: first.releaseId,
      worker: { versionId: first.worker.versionId },
    });
    expect(await ok("preview", "-s", "dev")).toMatch(/no changes/);
    const kept = await run("rollout", "50", "-s", "dev", "--json");
    expect(JSON.parse(kept.stdout)).toMatchObject({ error: { code: "ROLLED_BACK" } });

    await ok(...clear!);
    expect(await shares()).toEqual({ [second.worker.versionId]: 100 });
    expect(stackFile()).toBe(before);

    await ok(...quarter!);
    expect(await shares()).toEqual({ [second.worker.versionId]: 25, [first.worker.versionId]: 75 });
    const underWay = await run("rollback", "-s", "dev");
    expect([underWay.code, underWay.stderr]).toEqual([1, expect.stringMatching(/is under way.*rollout return/)]);
    await ok(...none!);
    expect(await shares()).toEqual({ [first.worker.versionId]: 100 });
    expect(await ok(...list!)).toMatch(/^worker\.rollout is 0 %: .*rollback --dry-run -s dev/m);
    const promoted = JSON.parse(await ok(...all!, "--json")) as object;
    expect(promoted).toMatchObject({ operation: "rollout", before: 0, rollout: 100, deployment: { outputs: {} } });
    expect(await shares()).toEqual({ [second.worker.versionId]: 100 });
  });

  it("leaves the stack file saying what was wanted when the deployment fails, and says how to take it back", async () => {
    const first = (await released()).at(-1)!;
    project.edit("infra/index.ts", (text) => `${text}\nthrow new Error("the program is broken");\n`);
    const failed = await run("rollback", "-s", "dev", "--to", first.releaseId, "--json");
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { message: "the program is broken" } });
    expect(failed.stderr).toMatch(/says what was wanted.*wandstore rollback --clear -s dev/);
    const listed = JSON.parse(await ok("releases", "-s", "dev", "--json")) as object;
    expect(listed).toMatchObject({ pinned: { release: first.releaseId }, unreadable: [] });
  });

  it("writes the file of a real account's stack and leaves the deployment to the Pulumi CLI", async () => {
    const { apiUrl: CLOUDFLARE_BASE_URL, accountId: CLOUDFLARE_ACCOUNT_ID, apiToken: CLOUDFLARE_API_TOKEN } = shop;
    Object.assign(project.env, { CLOUDFLARE_BASE_URL, CLOUDFLARE_ACCOUNT_ID, CLOUDFLARE_API_TOKEN });
    expect(await ok("releases", "-s", "staging")).toMatch(/No release of stack staging/);
    const without = await run("rollout", "10", "-s", "staging", "--yes");
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringMatching(/Run: pulumi up --stack staging --yes --skip-preview/),
    ]);
    expect(stackFile("staging")).toMatch(/wandstore:worker:\n(?: +.*\n)*? +rollout: 10/);

    mkdirSync(nothing);
    const pulumi = (exit: number) =>
      writeFileSync(path.join(nothing, "pulumi"), `#!/bin/sh\necho "called: $@"\nexit ${exit}\n`, { mode: 0o755 });
    pulumi(0);
    const called = await run("rollout", "promote", "-s", "staging", "--yes", "--json");
    expect(called.stderr).toContain("called: up --stack staging --yes --skip-preview");
    expect(JSON.parse(called.stdout)).toMatchObject({ before: 10, rollout: 100, deployment: null });
    pulumi(3);
    const broken = await run("rollout", "20", "-s", "staging", "--json");
    expect(JSON.parse(broken.stdout)).toMatchObject({ error: { code: "DEPLOY_FAILED" } });
    expect(broken.stderr).toMatch(/take it back: wandstore rollout 100 -s staging/);

    const prod = stackFile("prod");
    const unasked = await run("rollout", "10", "-s", "prod", "--json");
    expect(JSON.parse(unasked.stdout)).toMatchObject({ error: { code: "NOT_CONFIRMED" } });
    expect(stackFile("prod")).toBe(prod);
  });

  it("has told no secret on the way, in no file and no answer", async () => {
    const shown = await project.run("outputs", "-s", "dev", "--json", "--show-secrets");
    const { adminToken } = JSON.parse(shown.stdout) as { adminToken: string };
    said.push(shop.output());
    expect(said.length).toBeGreaterThan(30);
    for (const secret of [PLANTED, PASSPHRASE, adminToken, shop.apiToken]) {
      expect(said.filter((text) => text.includes(secret))).toEqual([]);
      for (const stack of ["dev", "staging", "prod"]) expect(stackFile(stack)).not.toContain(secret);
    }
    for (const secret of [PLANTED, PASSPHRASE, adminToken]) expect(project.stateFilesWith(secret)).toEqual([]);
  });
});
