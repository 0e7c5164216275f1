import { parse } from "yaml";
import { planShop, type NewShop, type NewShopOptions } from "../../../infra/fleet/create";
import { StorefrontStub } from "../../runtime/support/storefrontStub";
import { type Desk, openDesk } from "./support";

const products = [
  { id: "1", handle: "assam", title: "Assam", variants: [{ id: "11", price: "9.5" }] },
  { id: "2", handle: "pot", title: "Iron pot", variants: [{ id: "21", price: "48.0" }] },
];

const stub = new StorefrontStub();
let endpoint = "";
let desk: Desk;
let before: string[];
beforeAll(async () => (endpoint = await stub.listen()));
afterAll(() => stub.close());
beforeEach(() => {
  stub.asked.length = 0;
  stub.interfere = () => undefined;
  stub.shop = { products, name: "Tea & Co", url: "https://tea.example/", currency: "GBP" };
  desk = openDesk();
  before = desk.tree();
});
afterEach(() => {
  expect(desk.tree()).toEqual(before); // planned, and nothing written
  desk.remove();
});

const plan = (more: Partial<NewShopOptions> = {}): Promise<NewShop> =>
  planShop({ projectDir: desk.dir, slug: "tea", from: { domain: "tea.myshopify.com", endpoint }, ...more });
const manifestOf = ({ files }: NewShop): Record<string, unknown> =>
  parse(String(files.get("store.yaml"))) as Record<string, unknown>;

describe("a shop at Shopify", () => {
  it("tells its name, address, currency and brand itself, and its products are read anew by each deployment", async () => {
    stub.shop.brand = { slogan: "Leaves worth waiting for", primary: ["#123456"], secondary: ["#ABCDEF"] };
    const made = await plan();
    expect([...made.files.keys()]).toEqual(["store.yaml"]);
    expect(manifestOf(made)).toMatchObject({
      name: "Tea & Co",
      shopUrl: "https://tea.example",
      currency: "GBP",
      locale: "en-GB",
      brand: { primaryColor: "#123456", secondaryColor: "#ABCDEF", tagline: "Leaves worth waiting for" },
      shopify: { domain: "tea.myshopify.com", endpoint },
    });
    expect(made.store.record.catalogue.products.map(({ id }) => id)).toEqual(["assam", "pot"]);
    expect(made.assumed.map(([part]) => part)).toEqual(expect.not.arrayContaining(["name", "currency", "shopUrl"]));
  });

  it.each<[string, StorefrontStub["shop"]["brand"]]>([
    ["chose no brand", undefined],
    ["chose an empty one", { slogan: null, primary: [], secondary: [null] }],
    ["has colours of another form", { slogan: "", primary: ["rgb(1, 2, 3)", "#abc"], secondary: ["teal"] }],
  ])("that %s gets what is usual, and is told so", async (_what, brand) => {
    stub.shop = { ...stub.shop, ...(brand && { brand }) };
    const { assumed, ...made } = await plan();
    expect(assumed.map(([part]) => part)).toEqual(
      expect.arrayContaining(["brand.primaryColor", "brand.secondaryColor"]),
    );
    expect(manifestOf({ assumed, ...made })["brand"]).not.toHaveProperty("tagline");
  });

  it("is overruled by what was said", async () => {
    const said = { name: { value: "Leaf", by: "--name" }, "brand.primaryColor": { value: "#000000", by: "--primary" } };
    expect(manifestOf(await plan({ said }))).toMatchObject({ name: "Leaf", brand: { primaryColor: "#000000" } });
  });

  it.each<[string, () => void, RegExp]>([
    [
      "has a password",
      () => (stub.interfere = (_asked, _count, response) => Boolean(response.writeHead(403).end())),
      /tea\.myshopify\.com cannot be asked about itself: .*no password.*--from/s,
    ],
    [
      "is no shop",
      () => (stub.interfere = (_asked, _count, response) => Boolean(response.writeHead(404).end())),
      /cannot be asked about itself/,
    ],
    [
      "answers something else",
      () =>
        (stub.interfere = (_asked, _count, response) =>
          Boolean(response.writeHead(200, { "content-type": "application/json" }).end('{"data":{"shop":{"name":7}}}'))),
      /it answers something else than its name and currency/,
    ],
  ])("that %s is refused with what to do", async (_what, arrange, words) => {
    arrange();
    await expect(plan()).rejects.toMatchObject({ code: "BAD_EXPORT", message: expect.stringMatching(words) });
  });

  it("with a slug that is none is not asked at all", async () => {
    await expect(plan({ slug: "../tea" })).rejects.toMatchObject({ code: "BAD_SLUG" });
    expect(stub.asked).toEqual([]);
  });
});
