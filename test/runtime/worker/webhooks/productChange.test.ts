import type { Product } from "../../../../runtime/contract/product";
import { catalogueVersion } from "../../../../runtime/lib/catalogue/version";
import { merge } from "../../../../runtime/worker/stores/merge";
import { readProductChange, type Known } from "../../../../runtime/worker/stores/productChange";
import { shopifyProduct } from "../support/shopify";
import { product } from "../support/store";

const known: Known = {
  shop: { shopUrl: "https://shop.example", currency: "EUR" },
  before: undefined,
  countsStock: true,
};
const tea = shopifyProduct({ id: 7, handle: "tea" });
const withStock = (inventory: number | null, id = "70"): Product => ({
  ...product(1),
  variants: [{ ...product(1).variants[0]!, id, inventory }],
});

function read(payload: unknown, about: Partial<Known> = {}): Product {
  const change = readProductChange(payload, { ...known, ...about });
  if (!("product" in change)) throw new Error(`expected a product, got ${JSON.stringify(change)}`);
  return change.product;
}

describe("a product of a webhook", () => {
  it("becomes a product of the catalogue", () => {
    expect(read(tea)).toMatchObject({
      id: "tea",
      shopify_id: "7",
      title: "Shopify's tea",
      description: "All of tea",
      vendor: "Shop & Co",
      category: "Wands",
      tags: ["thing", "shopify"],
      url: "https://shop.example/products/tea",
      price: 12.5,
      currency: "EUR",
      available: true,
      image_url: "https://pictures.example/tea.jpg",
      variants: [{ id: "70", title: "", options: [], price: 12.5, inventory: 9 }],
    });
  });

  it.each([
    ["a draft", { status: "draft" }],
    ["archived", { status: "archived" }],
    ["unlisted", { status: "unlisted" }],
    ["taken from the online store", { published_at: null }],
  ])("is hidden when it is %s", (_, change) => {
    expect(readProductChange({ ...tea, ...change }, known)).toEqual({ hidden: "tea" });
  });

  it("keeps the address that the catalogue gave it, until its handle is another", () => {
    const url = "https://elsewhere.example/t/tea";
    expect(read(tea, { before: { ...product(1), id: "tea", url } }).url).toBe(url);
    expect(read(tea, { before: { ...product(1), id: "old", url } }).url).toBe("https://shop.example/products/tea");
  });

  it("is refused with the reason when no page can show it", () => {
    const { refused } = readProductChange({ ...tea, title: "", handle: "a b" }, known) as { refused: string };
    expect(refused).toMatch(/title/);
    expect(readProductChange({ ...tea, variants: [] }, known)).toMatchObject({
      refused: expect.stringMatching(/^variants/),
    });
    expect(readProductChange([tea], known)).toHaveProperty("refused");
  });

  it("has its shelf from Shopify's taxonomy where the shop gives no type", () => {
    const untyped = { ...tea, product_type: "" };
    expect(read({ ...untyped, category: { full_name: "Food > Drinks > Tea" } }).category).toBe("Tea");
    expect(read({ ...untyped, category: { full_name: "Uncategorized" } }).category).toBe("thing");
    expect(read({ ...untyped, category: 3 }).category).toBe("thing");
  });
});

describe("stock, of which a webhook does not say whether it is counted", () => {
  const soldOut = shopifyProduct({ id: 7, handle: "tea", quantity: 0 });

  it("is counted for a product nothing is known of, and for one that was counted", () => {
    expect(read(soldOut).available).toBe(false);
    expect(read(soldOut, { before: withStock(3) }).available).toBe(false);
    expect(read(tea, { before: withStock(3) }).variants[0]?.inventory).toBe(9);
  });

  it("is not counted where the deployed catalogue counts others but not this one", () => {
    const change = read(soldOut, { before: withStock(null) });
    expect(change.available).toBe(true);
    expect(change.variants[0]?.inventory).toBeNull();
    // The catalogue came without ids: the variant is known by its options.
    expect(read(soldOut, { before: withStock(null, "tea:1") }).available).toBe(true);
  });

  it("is counted where the deployed catalogue tells of no stock at all", () => {
    expect(read(soldOut, { before: withStock(null), countsStock: false }).available).toBe(false);
  });

  it("is what an older version of the webhook says it is", () => {
    const says = (management: string | null) => ({
      ...soldOut,
      variants: [{ ...soldOut.variants[0], inventory_management: management }],
    });
    expect(read(says(null)).available).toBe(true);
    expect(read(says("shopify"), { before: withStock(null) }).available).toBe(false);
  });

  it("keeps its former figure while no page tells it, so that a sale is no new catalogue", () => {
    const of = (quantity: number, before: number) =>
      read(shopifyProduct({ id: 7, handle: "tea", quantity }), { before: withStock(before) }).variants[0]?.inventory;
    expect(of(40, 41)).toBe(41);
    expect(of(5, 41)).toBe(41);
    expect(of(4, 41)).toBe(4);
    expect(of(41, 4)).toBe(41);
    expect(of(3, 4)).toBe(3);
  });
});

describe("a product of more variants than Shopify sends", () => {
  const variant = (id: number) => ({ ...tea.variants[0], id, option1: `Size ${id}`, price: `${id}.00` });
  const gids = (...ids: number[]) =>
    ids.map((id) => ({
      admin_graphql_api_id: `gid://shopify/ProductVariant/${id}`,
      updated_at: "2026-01-01T00:00:00Z",
    }));
  const options = [{ name: "Size" }];
  const whole = { ...tea, options, variants: [variant(1), variant(2), variant(3)], variant_gids: gids(1, 2, 3) };

  it("keeps those that are listed, and loses those that are not", () => {
    const before = read(whole);
    const cut = { ...whole, variants: [{ ...variant(2), price: "9.00" }], variant_gids: gids(1, 2) };
    const after = read(cut, { before });
    expect(after.variants.map(({ id, price, title }) => [id, price, title])).toEqual([
      ["2", 9, "Size 2"],
      ["1", 1, "Size 1"],
    ]);
    expect([after.price, after.price_max]).toEqual([1, 9]);
  });
});

describe("the catalogue of today", () => {
  const products = [0, 1, 2, 3].map(product);
  const deployed = { products, version: catalogueVersion(products) };
  const changes = (changed: Record<string, Product | null>, base = deployed.version) =>
    JSON.stringify({ version: 1, base, products: changed });

  it("has changed products in their places, new ones at the end, and removed ones not at all", () => {
    const now = merge(
      deployed,
      changes({ "thing-9": product(9), "thing-1": { ...product(1), price: 99 }, "thing-2": null, "no-such": null }),
      "tea",
    );
    expect(now.products.map(({ id, price }) => [id, price])).toEqual([
      ["thing-0", 10],
      ["thing-1", 99],
      ["thing-3", 25],
      ["thing-9", 55],
    ]);
    expect(now.version).toBe(catalogueVersion(now.products));
    expect(now.version).not.toBe(deployed.version);
  });

  it("can be empty", () => {
    const gone = Object.fromEntries(products.map(({ id }) => [id, null]));
    expect(merge(deployed, changes(gone), "tea").products).toEqual([]);
  });

  it("is the deployed one without changes, and beside changes of another one", () => {
    expect(merge(deployed, null, "tea")).toBe(deployed);
    expect(merge(deployed, changes({ "thing-1": null }, "0123456789abcdef"), "tea")).toBe(deployed);
  });

  it("has the same version after a change that changes nothing", () => {
    expect(merge(deployed, changes({ "thing-1": product(1) }), "tea").version).toBe(deployed.version);
  });

  it.each(["{", "3", '{"version":2}', changes({ a: { ...product(1), price: -1 } })])(
    "is the deployed one when changes cannot be read: %j",
    (text) => {
      const errors = jest.spyOn(console, "error").mockImplementation(() => undefined);
      expect(merge(deployed, text, "tea")).toBe(deployed);
      expect(errors).toHaveBeenCalledTimes(1);
      errors.mockRestore();
    },
  );
});
