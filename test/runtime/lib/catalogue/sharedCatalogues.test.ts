import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readShopifyCsv } from "../../../../runtime/lib/catalogue";
import { ProductSchema } from "../../../../runtime/contract/product";
import { readRecords } from "./rfc4180";

const FOLDER = join(__dirname, "../../../../../shared/data/catalogs");
const shop = { shopUrl: "https://shop.example", currency: "USD" };

describe.each(["apparel.csv", "home-and-garden.csv"])("the real export %s", (name) => {
  const path = join(FOLDER, name);
  if (!existsSync(path)) {
    // oxlint-disable-next-line jest/no-disabled-tests -- this data is not part of the project; without it there is nothing to test
    it.skip(`is not there: ${path} is missing`, () => undefined);
    return;
  }
  const text = readFileSync(path, "utf8");
  const records = readRecords(text);
  const { products, unpublished, problems } = readShopifyCsv(text, name, shop);

  it("loads without a problem, and without a product lost or left out", () => {
    expect(problems).toEqual([]);
    expect(unpublished).toEqual([]);
    expect(products.map(({ id }) => id)).toEqual([...new Set(records.map((record) => record["Handle"]))]);
    expect(products.length).toBeGreaterThan(15);
  });

  it("has every variant at the price and former price that the file says", () => {
    const written = records
      .filter((record) => record["Variant Price"] !== "")
      .map((record) => [
        record["Handle"],
        Number(record["Variant Price"]),
        Number(record["Variant Compare At Price"]) || null,
      ]);
    const read = products.flatMap(({ id, variants }) => variants.map((v) => [id, v.price, v.compare_at_price]));
    expect(read).toEqual(written);
  });

  it("has every title, tag and picture of the file", () => {
    for (const product of products) {
      const rows = records.filter((record) => record["Handle"] === product.id);
      expect(product.title).toBe(rows[0]?.["Title"]);
      expect(product.tags.join(", ")).toBe(rows[0]?.["Tags"]);
      expect(product.images.map(({ url }) => url)).toEqual(
        rows.map((row) => row["Image Src"]).filter((url) => url !== ""),
      );
    }
  });

  it("is valid against the contract, and no description holds markup", () => {
    for (const product of products) {
      expect(ProductSchema.parse(product)).toEqual(product);
      expect(product.description).not.toMatch(/[<>]/);
      expect(product.description).not.toBe("");
    }
  });
});
