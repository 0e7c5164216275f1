import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { StoreRecordSchema } from "../../runtime/contract/store";
import { readRecords } from "../runtime/lib/catalogue/rfc4180";

const ROOT = join(__dirname, "../../stores");
const slugs = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

it("there are two shops of different trades", () => {
  expect(slugs).toEqual(expect.arrayContaining(["magic-wands", "moss-and-kettle"]));
});

describe.each(slugs)("the store %s", (slug) => {
  const { record, unpublished, skipped } = loadStore(join(ROOT, slug));
  const { products } = record.catalogue;

  it("is valid, with nothing left out and every id its own", () => {
    expect(StoreRecordSchema.parse(record)).toEqual(record);
    expect([unpublished, skipped]).toEqual([[], []]);
    expect(new Set(products.map(({ id }) => id)).size).toBe(products.length);
    const variants = products.flatMap((product) => product.variants.map(({ id }) => id));
    expect(new Set(variants).size).toBe(variants.length);
  });

  it("has the products, variants and prices that its file says", () => {
    const records = readRecords(readFileSync(join(ROOT, slug, "products.csv"), "utf8"));
    expect(products.map(({ id }) => id)).toEqual([...new Set(records.map((row) => row["Handle"]))]);
    expect(products.flatMap(({ id, variants }) => variants.map(({ sku, price }) => [id, sku, price]))).toEqual(
      records.map((row) => [row["Handle"], row["Variant SKU"], Number(row["Variant Price"])]),
    );
  });

  it("has enough of everything for a page: shelves, savings, sold-out goods, options, and words about each product", () => {
    expect(products.length).toBeGreaterThanOrEqual(24);
    expect(new Set(products.map(({ category }) => category)).size).toBeGreaterThanOrEqual(5);
    expect(products.filter(({ compare_at_price: was }) => was !== null).length).toBeGreaterThanOrEqual(5);
    expect(products.filter(({ available }) => !available).length).toBeGreaterThanOrEqual(2);
    expect(products.filter(({ options }) => options.length > 0).length).toBeGreaterThanOrEqual(10);
    for (const product of products) {
      expect(product.description.length).toBeGreaterThan(50);
      expect(product.tags.length).toBeGreaterThan(1);
      expect(product.vendor).not.toBe("");
    }
  });

  it("points at a reserved domain, so that no link of it leads to somebody's shop", () => {
    expect(new URL(record.shop_url).hostname).toMatch(/\.example$/);
  });
});

it("the shops look and sound different", () => {
  const brands = slugs.map((slug) => loadStore(join(ROOT, slug)).record.brand);
  for (const key of ["primary_color", "secondary_color", "font_family", "tone"] as const) {
    expect(new Set(brands.map((brand) => brand[key])).size).toBe(brands.length);
  }
});
