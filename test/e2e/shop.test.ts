import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { itIf } from "../support/skip";
import { Project, type RunningShop } from "./support/project";
import { readDocument, ShopperClient } from "./support/shopper";

const ROOT = path.resolve(__dirname, "../..");
/** The promise of the product: a personal page within ten seconds of the first visit. */
const READY_LIMIT_MS = 60_000;

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

jest.setTimeout(180_000);

describe("a shop that npm start has opened", () => {
  const project = new Project();
  const catalogue = loadStore(path.join(ROOT, "stores/magic-wands")).record.catalogue;
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await project.start();
  });
  afterAll(() => project.remove());

  const shopper = (id: string, store = "magic-wands") => new ShopperClient(shop.edgeUrl, store, id);

  it("gives the fallback at once, then makes the personal page behind it", async () => {
    const alice = shopper("alice");
    const first = await alice.visit();
    expect([first.status, first.source]).toEqual([200, "fallback"]);
    await alice.untilReady(READY_LIMIT_MS);
    const second = await alice.visit();
    expect(["kv", "memory"]).toContain(second.source);
    expect(second.html).not.toBe(first.html);
    expect(second.html).not.toContain("alice");
    expect(second.headers.get("cache-control")).toBe("private, no-store");
  });

  it("shows only titles, prices and links that the catalogue has, and every product of it", async () => {
    const erin = shopper("erin");
    await erin.visit();
    await erin.untilReady(READY_LIMIT_MS);
    const page = readDocument((await erin.visit()).html);
    for (const product of catalogue.products) {
      expect(page.links).toContain(product.url);
      expect(page.text).toContain(product.title.replace(/\s+/g, " "));
    }
    const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2 });
    const known = new Set(
      catalogue.products
        .flatMap((p) => p.variants.flatMap((v) => [v.price, v.compare_at_price ?? v.price]))
        .map((n) => money.format(n)),
    );
    const savings = new Set(
      catalogue.products.flatMap((p) => p.variants.map((v) => money.format((v.compare_at_price ?? v.price) - v.price))),
    );
    const shown = page.text.match(/[$£€]\s?\d[\d,]*\.\d{2}/g) ?? [];
    expect(shown.length).toBeGreaterThanOrEqual(catalogue.products.length);
    expect(shown.map((text) => text.replace(/[$£€]\s?/, "")).filter((n) => !known.has(n) && !savings.has(n))).toEqual(
      [],
    );
    const outside = page.links.filter(
      (href) => /^[a-z]+:/i.test(href) && !catalogue.products.some((p) => href.startsWith(new URL(p.url).origin)),
    );
    expect(outside).toEqual([]);
  });

  it("shows different pages to shoppers who behave differently", async () => {
    const dealer = shopper("dora");
    const collector = shopper("carl");
    const bargains = catalogue.products.filter((p) => p.compare_at_price !== null).slice(0, 4);
    expect(bargains.length).toBeGreaterThan(1);
    expect(
      await dealer.track([
        { type: "filter", facet: "saving" },
        { type: "sort", by: "price" },
        ...bargains.map((p) => ({ type: "product_view", product_id: p.id, ms: 4_000 })),
        { type: "purchase", total: 12, discount: 8, product_ids: [bargains[0]!.id] },
      ]),
    ).toBe(202);
    const dear = catalogue.products.toSorted((a, b) => b.price - a.price).slice(0, 5);
    expect(
      await collector.track([
        ...dear.flatMap((p) => [
          { type: "product_view", product_id: p.id, ms: 90_000 },
          { type: "wishlist", product_id: p.id },
        ]),
        { type: "compare", product_ids: dear.slice(0, 3).map((p) => p.id) },
      ]),
    ).toBe(202);
    const pages = [];
    for (const one of [dealer, collector]) {
      await one.visit();
      await one.untilReady(READY_LIMIT_MS);
      pages.push(await one.visit());
    }
    expect(pages.map((p) => p.persona)).toEqual([
      expect.stringContaining("dealhunter"),
      expect.stringContaining("collector"),
    ]);
    const [deals, rarities] = pages.map((p) => readDocument(p.html));
    expect(deals!.sections).not.toEqual(rarities!.sections);
    expect(deals!.text).not.toEqual(rarities!.text);
  });

  itIf(hasCurl, "curl is not installed")("does what the guide to a first look says", async () => {
    const guide = readFileSync(path.join(ROOT, "docs/guides/first-look.md"), "utf8");
    const script = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]).join("");
    const commands = script.replaceAll("http://127.0.0.1:8787", shop.edgeUrl);
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", commands], { timeout: 60_000 });
    expect(stdout.match(/x-wand-persona: \w+/gi)?.map((line) => line.split(" ")[1])).toEqual([
      "dealhunter",
      "collector",
    ]);
    expect(stdout).toMatch(/"state":"(queued|running|ready)"/);
  });

  it("serves the second store, of another trade, under its own brand", async () => {
    const outputs = JSON.parse((await project.run("outputs", "--stack", "dev", "--json")).stdout) as {
      storefronts: Record<string, string>;
    };
    const other = Object.keys(outputs.storefronts).find((slug) => slug !== "magic-wands")!;
    const visit = await shopper("alice", other).visit();
    expect([visit.status, visit.source]).toEqual([200, "fallback"]);
    const { name, catalogue: theirs } = loadStore(path.join(ROOT, "stores", other)).record;
    const page = readDocument(visit.html);
    expect(page.text.includes(name)).toBe(true);
    expect(theirs.products.filter((p) => !page.links.includes(p.url)).map((p) => p.id)).toEqual([]);
  });

  it("answers strangers with the right refusals", async () => {
    const ask = async (route: string, init?: RequestInit) => (await fetch(shop.edgeUrl + route, init)).status;
    expect(await ask("/s/no-such-store")).toBe(404);
    expect(await ask("/s/Magic%20Wands")).toBe(400);
    expect(await ask("/s/magic-wands?shopper=a%20b")).toBe(400);
    expect(await ask("/s/magic-wands", { method: "DELETE" })).toBe(405);
    expect(await ask("/debug/container")).toBe(404);
    expect(await ask("/health")).toBe(200);
    expect(await shopper("alice").track([{ type: "teleport" }])).toBe(400);
  });

  it("was made through typed resources that the cloud has and nothing else", async () => {
    const api = async (route: string) => {
      const response = await fetch(`${shop.apiUrl}/accounts/${shop.accountId}${route}`, {
        headers: { authorization: `Bearer ${shop.apiToken}` },
      });
      return (await response.json()) as { result: never };
    };
    const titles = ((await api("/storage/kv/namespaces")).result as { title: string }[]).map((n) => n.title);
    expect(titles).toHaveLength(4);
    expect(titles.every((title) => title.startsWith("wandstore-dev-"))).toBe(true);
    const databases = (await api("/d1/database")).result as { uuid: string; name: string }[];
    expect(databases.map((d) => d.name)).toEqual([expect.stringMatching(/^wandstore-dev-/)]);
    const buckets = ((await api("/r2/buckets")).result as { buckets: { name: string }[] }).buckets;
    expect(buckets).toHaveLength(1);
    const rules = ((await api(`/r2/buckets/${buckets[0]!.name}/lifecycle`)).result as { rules: { enabled: boolean }[] })
      .rules;
    expect(rules.some((rule) => rule.enabled)).toBe(true);
    const applications = (await api("/containers/applications")).result as {
      max_instances: number;
      configuration: { image: string };
    }[];
    expect(applications).toHaveLength(1);
    expect(applications[0]!.max_instances).toBe(10);
    expect(applications[0]!.configuration.image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });
});
