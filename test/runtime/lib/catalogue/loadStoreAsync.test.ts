import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CatalogueError, parseManifest } from "../../../../runtime/lib/catalogue";
import { loadStore, loadStoreAsync } from "../../../../runtime/lib/catalogue/loadStore";
import { StoreRecordSchema } from "../../../../runtime/contract/store";
import { StorefrontStub } from "../../support/storefrontStub";
import { goodRow, toCsv } from "./shopifyExport";

const manifest = `name: Tea House
locale: en-IE
currency: EUR
shopUrl: https://tea.example/
brand: { primaryColor: "#2F5D50", secondaryColor: "#C8674A", fontFamily: serif, tone: Calm. }
`;
const SHOPIFY = "shopify: { domain: tea-house.myshopify.com }\n";
const products = [
  { id: "1", handle: "green", variants: [{ id: "11", price: "4.5" }] },
  { id: "2", handle: "black", variants: [{ id: "21", price: "5.0" }] },
];

const stub = new StorefrontStub({ products });
let endpoint = "";
let root = "";
beforeAll(async () => (endpoint = await stub.listen()));
afterAll(() => stub.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "stores-"));
  stub.shop = { products };
  stub.interfere = () => undefined;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const store = (slug: string, files: Record<string, string>): string => {
  mkdirSync(join(root, slug));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(root, slug, name), content);
  return join(root, slug);
};
const online = (slug: string, more = ""): string =>
  store(slug, {
    "store.yaml": `${manifest}shopify: { domain: tea-house.myshopify.com, endpoint: "${endpoint}" }\n${more}`,
  });

describe("loadStoreAsync", () => {
  it("makes the record of a shop at Shopify, with a checkout by the same API", async () => {
    const { record } = await loadStoreAsync(online("tea"));
    expect(StoreRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      slug: "tea",
      shop_url: "https://tea.example/",
      shopify_domain: "tea-house.myshopify.com",
      checkout: { kind: "cart", api: endpoint },
    });
    expect(record.catalogue.products.map(({ id, price }) => [id, price])).toEqual([
      ["green", 4.5],
      ["black", 5],
    ]);
  });

  it("gives the version that a new price changes, and the same for the same catalogue", async () => {
    const dir = online("tea");
    const version = async () => (await loadStoreAsync(dir)).record.catalogue.version;
    const first = await version();
    expect(await version()).toBe(first);
    stub.shop = { products: [{ ...products[0]!, variants: [{ id: "11", price: "4.6" }] }, products[1]!] };
    expect(await version()).not.toBe(first);
  });

  it("refuses a shop with a product that cannot be read, and leaves it out where the manifest says so", async () => {
    stub.shop = { products: [products[0]!, { ...products[1]!, handle: "a b" }] };
    await expect(loadStoreAsync(online("strict"))).rejects.toThrow(
      /products\["a b"\]\.handle: found "a b"; a handle is/,
    );
    const { record, skipped } = await loadStoreAsync(online("lax", "onBadRow: skip\n"));
    expect([record.catalogue.products.length, skipped.length]).toEqual([1, 1]);
  });

  it("refuses a shop without a product, and an answer that is none", async () => {
    stub.shop = { products: [] };
    await expect(loadStoreAsync(online("empty"))).rejects.toThrow(/has no product that can be shown/);
    stub.interfere = (_asked, _count, response) => {
      response.writeHead(404).end();
      return true;
    };
    await expect(loadStoreAsync(online("gone"))).rejects.toThrow(CatalogueError);
  });

  it("reads files as loadStore does", async () => {
    const dir = store("file", { "store.yaml": manifest, "products.csv": toCsv([goodRow()]) });
    expect(await loadStoreAsync(dir)).toEqual(loadStore(dir));
  });
});

it("loadStore refuses what it would have to wait for", () => {
  expect(() => loadStore(online("tea"))).toThrow(/store\.yaml, shopify: has its catalogue at Shopify/);
});

describe("how a shop sells", () => {
  const csv = (row: Record<string, string>) => toCsv([goodRow(row)]);
  const shopifyJson = (id?: number) =>
    JSON.stringify({ products: [{ title: "Tea", handle: "tea", variants: [{ ...(id && { id }), price: "4.50" }] }] });
  const own = '[{"id":"tea","title":"Tea","price":4.5,"variants":[{"id":"42","price":4.5}]}]';
  const JSON_FILE = "catalogue: products.json\n";

  it.each([
    ["an export has no ids of variants: on its pages", "", { "products.csv": csv({}) }, { kind: "product" }],
    ["Shopify's JSON has them: by a link", JSON_FILE, { "products.json": shopifyJson(42) }, { kind: "permalink" }],
    ["Shopify's JSON without them", JSON_FILE, { "products.json": shopifyJson() }, { kind: "product" }],
    ["numbers in a catalogue of our own are nobody's ids", JSON_FILE, { "products.json": own }, { kind: "product" }],
    [
      "a catalogue of our own for a shop at Shopify, with its ids: by its API",
      JSON_FILE + SHOPIFY,
      { "products.json": own },
      { kind: "cart", api: "https://tea-house.myshopify.com/api/2026-10/graphql.json" },
    ],
    [
      "an export of a shop at Shopify, without ids",
      `catalogue: products.csv\n${SHOPIFY}`,
      { "products.csv": csv({}) },
      { kind: "product" },
    ],
  ])("%s", (_what, more, files, expected) => {
    const { record } = loadStore(store("tea", { "store.yaml": manifest + more, ...files }));
    expect(record.checkout).toEqual(expected);
    expect(record.shopify_domain).toBe(more.includes("shopify") ? "tea-house.myshopify.com" : undefined);
  });
});

describe("`shopify` of a manifest", () => {
  const parse = (text: string) => parseManifest(`${manifest}shopify: ${text}\n`, "store.yaml").shopify;

  it("needs only the domain", () => {
    expect(parse("{ domain: tea.example }")).toEqual({ domain: "tea.example", apiVersion: "2026-10" });
  });

  it.each([
    "{}",
    "{ domain: https://tea.example }",
    "{ domain: tea.example/admin }",
    "{ domain: tea }",
    "{ domain: Tea.example }",
    "{ domain: tea.example:443 }",
    "{ domain: 10.0.0.1 }",
    '{ domain: "tea.example\\n" }',
    "{ domain: tea.example, apiVersion: '2026-11' }",
    "{ domain: tea.example, apiVersion: ../admin }",
    "{ domain: tea.example, endpoint: http://tea.example/api }",
    "{ domain: tea.example, endpoint: ftp://127.0.0.1/api }",
    "{ domain: tea.example, accessToken: abc }",
    "{ domain: tea.example, checkoutDomain: https://pay.example }",
  ])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(CatalogueError);
  });
});
