import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Project, type RunningShop } from "../e2e/support/project";
import { PAGES, ROOT, shellBlocks, textOf } from "./blocks";

jest.setTimeout(300_000);

/** Pages whose commands another test runs. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  "docs/guides/ci.md": "test/ci/steps.test.ts",
  "docs/guides/drift.md": "test/bin/drift.test.ts",
  "docs/guides/fleet.md": "test/bin/fleet.test.ts",
  "docs/guides/first-look.md": "test/e2e/shop.test.ts",
  "docs/guides/real-account.md": "test/e2e/realAccountGuide.test.ts",
  "docs/guides/rollback.md": "test/bin/rollback.test.ts",
  "docs/guides/what-is-kept.md": "test/bin/kv.test.ts",
};
/** Pages whose commands take what a test cannot have, each with what is checked of them instead. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "docs/guides/new-persona.md": "they are this suite and the pictures; the names are checked",
};
const RUN_HERE = [
  "docs/guides/cost.md",
  "docs/guides/rotate-a-secret.md",
  "docs/guides/new-shop.md",
  "docs/guides/webhooks.md",
  "docs/guides/new-provider.md",
];

test("every page with commands is run by a test, or says why not", () => {
  const pages = PAGES.filter((page) => shellBlocks(textOf(page)).length > 0);
  const claimed = new Set([...Object.keys(RUN_ELSEWHERE), ...Object.keys(NOT_RUN), ...RUN_HERE]);
  expect(pages.filter((page) => !claimed.has(page))).toEqual([]);
  expect([...claimed].filter((page) => !pages.includes(page))).toEqual([]);
  for (const [page, file] of Object.entries(RUN_ELSEWHERE)) {
    expect([file, readFileSync(path.join(ROOT, file), "utf8").includes(page)]).toEqual([file, true]);
  }
});

test("the tests that a guide names are there", () => {
  const named = PAGES.flatMap((page) => [...textOf(page).matchAll(/\bnpx jest ([^\n`]+)/g)]).flatMap(([, words = ""]) =>
    words.trim().split(/\s+/),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

describe("the commands of the guides, with a shop that runs", () => {
  const project = new Project();
  let shop: RunningShop;
  const passphrase = "a passphrase of the tests";
  beforeAll(async () => {
    project.env["PULUMI_CONFIG_PASSPHRASE"] = passphrase;
    shop = await project.start();
    symlinkSync(project.stateDir, path.join(project.dir, ".wandstore")); // where it is when nobody says otherwise
  });
  afterAll(() => project.remove());

  const carryOut = async (page: string, variables: Readonly<Record<string, string>> = {}): Promise<string> => {
    const script = shellBlocks(textOf(page)).join("").replaceAll("http://127.0.0.1:8787", shop.edgeUrl);
    const { stdout, stderr } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
      cwd: project.dir,
      timeout: 240_000,
      // A page on secrets has to say that they take a passphrase.
      env: { ...process.env, ...project.env, PULUMI_CONFIG_PASSPHRASE: undefined, ...variables },
    });
    return stdout + stderr;
  };

  const token = async (): Promise<string> => {
    const { stdout } = await project.run("outputs", "-s", "dev", "--show-secrets", "--json");
    return (JSON.parse(stdout) as { adminToken: string }).adminToken;
  };

  it("rotate a secret", async () => {
    const metrics = async (bearer: string) =>
      (await fetch(`${shop.edgeUrl}/metrics`, { headers: { Authorization: `Bearer ${bearer}` } })).status;
    const cookie = (await fetch(`${shop.edgeUrl}/s/magic-wands`, BROWSER)).headers.get("Set-Cookie")!.split(";")[0]!;
    const former = await token();
    expect(await metrics(former)).toBe(200);

    const said = await carryOut("docs/guides/rotate-a-secret.md", {
      NEW_KEY: "sk-a-new-key-of-the-tests",
      PASSPHRASE: passphrase,
    });
    expect(said).not.toContain("sk-a-new-key-of-the-tests");
    const newer = await token();
    expect(newer).not.toBe(former);
    expect([await metrics(newer), await metrics(former)]).toEqual([200, 404]);
    const back = await fetch(`${shop.edgeUrl}/s/magic-wands`, { headers: { ...BROWSER.headers, Cookie: cookie } });
    expect(back.headers.get("Set-Cookie")).toBeNull(); // known by what the former key signed
  });

  it("tell what it costs", async () => {
    const said = await carryOut("docs/guides/cost.md");
    expect(said).toMatch(/^Stack prod, [\s\S]*^Stack dev, [\s\S]*^Stack shop-acme, [\s\S]*^shop-acme,5000,500,5\.00/m);
    expect(said).toMatch(/measured from \d{4}-\d\d-\d\d \d\d:\d\d to .* hours\.$/m);
    expect(said).toMatch(/^USD: first estimate +2,050 +780 +240$/m);
  });

  it("open a new shop", async () => {
    const said = await carryOut("docs/guides/new-shop.md", { PULUMI_CONFIG_PASSPHRASE: passphrase });
    expect(said).toMatch(/^Page: http:\/\/wandstore-shop-pot-house-storefront\.localhost:\d+\/s\/pot-house /m);
    expect(said).toMatch(/^pot-house +Pot House +2 +deployed /m);
    expect(said).toMatch(/x-wand-source: fallback/i);
    const page = await (await fetch(`${shop.edgeUrl}/s/tea-house`)).text();
    expect(page).toContain("Assam, second flush");
  });

  it("let that shop tell of its products, and answer a request for data", async () => {
    const secret = "a-secret-of-shopifys-in-the-tests";
    const said = await carryOut("docs/guides/webhooks.md", {
      SHOPIFY_SECRET: secret,
      TOKEN: await token(),
      PASSPHRASE: passphrase,
    });
    expect(said).not.toContain(secret);
    expect(said).toMatch(/"requests":\[\]/);
    expect(said).toMatch(/"shopper":"207119551"/);
  });

  it("set the key of another provider of models", async () => {
    await carryOut("docs/guides/new-provider.md", { KEY: "sk-another-key-of-the-tests", PASSPHRASE: passphrase });
    const file = readFileSync(path.join(project.dir, "Pulumi.dev.yaml"), "utf8");
    expect(file).toMatch(/wandstore:llmApiKey:\s+secure: /);
  });
});

const BROWSER = { headers: { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" } };
