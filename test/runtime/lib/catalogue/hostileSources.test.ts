import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import {
  CatalogueError,
  readProductsJson,
  readShopifyCsv,
  type SourceReading,
} from "../../../../runtime/lib/catalogue";
import { readStorefrontProduct } from "../../../../runtime/lib/catalogue/storefrontProduct";
import { ProductSchema } from "../../../../runtime/contract/product";
import { goodRow, toCsv } from "./shopifyExport";

const shop = { shopUrl: "https://shop.example", currency: "USD" };
const FOLDER = join(__dirname, "../../../../../shared/data/catalogs");
const EXPORTS = ["apparel.csv", "home-and-garden.csv"]
  .map((name) => join(FOLDER, name))
  .filter((path) => existsSync(path));
const texts = [
  toCsv([goodRow(), goodRow({ Handle: "cup", Title: "Cup" })]),
  ...EXPORTS.map((path) => readFileSync(path, "utf8")),
];

/** What breaks readers of tables and pages: quotes, separators, line ends, nulls, marks of order, formulas, markup, numbers. */
const SPLINTERS = [
  '"',
  '""',
  ",",
  "\n",
  "\r",
  "\r\n",
  "\0",
  "\uFEFF",
  "\u202E",
  "\uD800",
  "\t",
  ";",
  "=cmd|'/c calc'!A0",
  "</script><img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "../../..",
  "__proto__",
  "-1",
  "1e309",
  "9".repeat(40),
  "NaN",
  "x".repeat(40_000),
];
const blow = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 60 }),
  put: fc.oneof(fc.constantFrom(...SPLINTERS), fc.string({ unit: "binary", maxLength: 20 })),
});

/** Reads, or gives the one error that a source may end with. */
function outcome(read: () => SourceReading): SourceReading | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(CatalogueError);
    for (const { file, message } of (error as CatalogueError).problems) expect([file, message]).not.toContain("");
    return undefined;
  }
}

const expectSound = ({ products, problems }: SourceReading): void => {
  for (const product of products) expect(ProductSchema.safeParse(product).error).toBeUndefined();
  expect(new Set(products.map(({ id }) => id)).size).toBe(products.length);
  for (const { message } of problems) expect(message.length).toBeLessThan(1_000);
};

it("an export with splinters in it is read, or refused in words; what is read is sound", () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(blow, { minLength: 1, maxLength: 6 }), (text, blows) => {
      const broken = blows.reduce((whole, { at, cut, put }) => {
        const place = Math.floor(at * whole.length);
        return whole.slice(0, place) + put + whole.slice(place + cut);
      }, text);
      const reading = outcome(() => readShopifyCsv(broken, "products.csv", shop));
      if (reading !== undefined) expectSound(reading);
    }),
    { numRuns: 400 },
  );
});

it("whatever JSON a file holds is read, or refused in words", () => {
  const product = fc.record(
    { id: fc.string(), handle: fc.string(), title: fc.string(), price: fc.anything(), variants: fc.anything() },
    { requiredKeys: [] },
  );
  const values = fc.oneof(fc.jsonValue(), fc.array(product), fc.record({ products: fc.array(product) }));
  fc.assert(
    fc.property(values, (value) => {
      const reading = outcome(() => readProductsJson(JSON.stringify(value) ?? "", "products.json", shop));
      if (reading !== undefined) expectSound(reading);
    }),
    { numRuns: 500 },
  );
});

it("whatever the Storefront API says of a product is read, or refused in words", () => {
  const money = fc.record({
    amount: fc.oneof(fc.string(), fc.constant("1.5")),
    currencyCode: fc.constantFrom("USD", "X"),
  });
  const options = fc.array(fc.record({ name: fc.string(), value: fc.string() }), { maxLength: 4 });
  const variant = fc.record({
    id: fc.oneof(fc.constant("gid://shopify/ProductVariant/1"), fc.string()),
    availableForSale: fc.boolean(),
    quantityAvailable: fc.oneof(fc.integer(), fc.constant(null)),
    price: money,
    compareAtPrice: fc.option(money),
    selectedOptions: options,
  });
  const item = fc.record({
    id: fc.constant("gid://shopify/Product/1"),
    handle: fc.oneof(fc.stringMatching(/^[a-z-]{1,20}$/), fc.string()),
    title: fc.string({ maxLength: 400 }),
    descriptionHtml: fc.oneof(fc.string(), fc.constantFrom(...SPLINTERS)),
    vendor: fc.string(),
    productType: fc.string(),
    tags: fc.array(fc.string(), { maxLength: 300 }),
    isGiftCard: fc.boolean(),
    requiresSellingPlan: fc.boolean(),
    onlineStoreUrl: fc.option(fc.oneof(fc.webUrl(), fc.constantFrom(...SPLINTERS))),
    options: fc.array(fc.record({ name: fc.string() }), { maxLength: 3 }),
    images: fc.record({ nodes: fc.array(fc.record({ url: fc.webUrl(), altText: fc.option(fc.string()) })) }),
    variants: fc.record({ nodes: fc.array(variant, { maxLength: 3 }) }),
  });
  fc.assert(
    fc.property(fc.oneof(item, fc.jsonValue()), (value) => {
      const result = readStorefrontProduct(value, shop);
      if ("product" in result) expect(ProductSchema.safeParse(result.product).error).toBeUndefined();
      else expect("faults" in result && result.faults.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});
