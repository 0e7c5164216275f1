import path from "node:path";
import { itIf } from "../support/skip";
import { type Account, openAccount } from "./support/account";
import { prebuilt } from "./support/prebuilt";
import { HAS_PULUMI } from "./support/pulumi";

/** A shop by Pulumi's Automation API and the real CLI, in the embedded cloud in place of an account. */
const LIMIT_MS = 600_000;
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");

let account: Account | undefined;
afterEach(async () => {
  await account?.remove();
});

type Shop = <Document>(...args: string[]) => Promise<Document>;

/** The command line in an account, which is held to telling no token in anything it prints. */
async function openShops(): Promise<Account & { shop: Shop }> {
  account = await openAccount();
  const { project, cloud, pulumi } = account;
  for (const [name, value] of Object.entries(pulumi.env)) if (value !== undefined) project.env[name] = value;
  project.write("pots.json", '[{ "id": "pot", "title": "Pot", "price": 48 }]');
  const shop: Shop = async <Document>(...args: string[]): Promise<Document> => {
    const { code, stdout, stderr } = await project.run("shop", ...args, "--json");
    for (const text of [stdout, stderr]) expect(text).not.toContain(cloud.apiToken);
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Document;
  };
  return { ...account, shop };
}

itWithCli(
  "a shop is made, deployed, listed and destroyed, and no secret of it is told",
  async () => {
    const { project, cloud, pulumi, shop } = await openShops();
    await shop("create", "pots", "--from", path.join(project.dir, "pots.json"));
    await pulumi.must("stack", "init", "mine");
    const { ref } = await prebuilt(project.dir, cloud); // no Docker here
    project.edit(
      "Pulumi.shop-pots.yaml",
      (text) => `${text}  wandstore:image:\n    ref: ${ref}\n  wandstore:pool:\n    size: 1\n`,
    );

    const up = await shop<{ page: string; changeSummary: Record<string, number> }>("up", "pots");
    expect(new URL(up.page).pathname).toBe("/s/pots");
    expect(up.changeSummary["create"]).toBeGreaterThan(20);
    const { shops } = await shop<{ shops: object[] }>("list");
    expect(shops).toEqual([
      expect.objectContaining({ slug: "pots", state: "deployed", products: 1, address: up.page }),
    ]);

    const gone = await shop<{ exported: string[] }>("destroy", "pots", "--yes", "--remove-files");
    expect(gone.exported).toHaveLength(1);
    expect((await shop<{ shops: object[] }>("list")).shops).toEqual([]);
    // The user's own stack is the only one left, and still the one that is selected.
    expect(JSON.parse(await pulumi.must("stack", "ls", "--json"))).toEqual([
      expect.objectContaining({ name: "mine", current: true }),
    ]);
  },
  LIMIT_MS,
);

interface Fleet {
  shops: { stack: string; wave: number; state: string; summary?: Record<string, number>; build?: string }[];
}

itWithCli(
  "two shops get one image in two waves; a second run finds nothing to change, and both go",
  async () => {
    const { project, cloud, pulumi, shop } = await openShops();
    for (const slug of ["pots", "cups"]) {
      await shop("create", slug, "--from", path.join(project.dir, "pots.json"));
      project.edit(`Pulumi.shop-${slug}.yaml`, (text) => `${text}  wandstore:pool:\n    size: 1\n`);
    }
    const { ref, buildId } = await prebuilt(project.dir, cloud);
    const up = () => shop<Fleet>("up", "--all", "--image", ref, "--wave", "1", "--parallel", "1");

    const first = await up();
    expect(first.shops.map(({ stack, wave, state, build }) => [stack, wave, state, build])).toEqual([
      ["shop-cups", 1, "done", buildId],
      ["shop-pots", 2, "done", buildId],
    ]);
    for (const { summary } of first.shops) expect(summary?.["create"]).toBeGreaterThan(20);
    for (const { summary, state } of (await up()).shops) {
      expect([state, Object.keys(summary ?? {})]).toEqual(["done", ["same"]]);
    }
    const gone = await shop<Fleet>("destroy", "--all", "--yes", "--parallel", "1");
    expect(gone.shops.map(({ state }) => state)).toEqual(["done", "done"]);
    const stacks = JSON.parse(await pulumi.must("stack", "ls", "--json")) as { resourceCount?: number }[];
    expect(stacks.every(({ resourceCount = 0 }) => resourceCount === 0)).toBe(true);
  },
  LIMIT_MS,
);
