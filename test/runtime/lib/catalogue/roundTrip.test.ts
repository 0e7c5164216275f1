import * as fc from "fast-check";
import { CatalogueSchema } from "../../../../runtime/contract/product";
import { catalogueVersion, readProductsJson, readShopifyCsv } from "../../../../runtime/lib/catalogue";
import { arbitraryProducts } from "./arbitraryProducts";
import { toCsv, toExportRows } from "./shopifyExport";

const shop = { shopUrl: "https://shop.example", currency: "EUR" };

const NOTHING_ELSE = { unpublished: [], problems: [] };

describe("whatever products a shop has", () => {
  it.each(["export", "today"] as const)(
    "they read back equal from a CSV with the column names of the %s",
    (spelling) => {
      fc.assert(
        fc.property(arbitraryProducts(shop), fc.constantFrom("\n", "\r\n"), (products, newline) => {
          const text = toCsv(toExportRows(products), { spelling, newline });
          expect(readShopifyCsv(text, "products.csv", shop)).toEqual({ products, ...NOTHING_ELSE, isShopify: true });
        }),
        { numRuns: 150 },
      );
    },
  );

  it("they read back equal from our own JSON, and are valid", () => {
    fc.assert(
      fc.property(arbitraryProducts(shop), (products) => {
        const text = JSON.stringify(products);
        expect(readProductsJson(text, "products.json", shop)).toEqual({ products, ...NOTHING_ELSE, isShopify: false });
        CatalogueSchema.parse({ version: catalogueVersion(products), products });
      }),
      { numRuns: 150 },
    );
  });

  it("any text at all gives products and problems, or a CatalogueError, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: "binary", maxLength: 12 }), { maxLength: 8 }), { maxLength: 6 }),
        (rows) => {
          const text = `Handle,Title,Variant Price,Image Src,Body (HTML),Option1 Name,Option1 Value\n${rows.map((r) => r.join(",")).join("\n")}`;
          try {
            const { products } = readShopifyCsv(text, "products.csv", shop);
            CatalogueSchema.parse({ version: "0".repeat(16), products });
          } catch (error) {
            expect(error).toHaveProperty("name", "CatalogueError");
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
