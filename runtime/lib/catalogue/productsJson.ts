import * as z from "zod";
import { CatalogueError, type CatalogueProblem, quote } from "./errors";
import { readOwnProduct } from "./ownJson";
import type { ShopFacts } from "./product";
import { formatPath } from "./schemaProblems";
import { readShopifyProduct } from "./shopifyJson";
import type { SourceReading } from "./source";

const Bare = z.array(z.unknown());
const Wrapped = z.strictObject({ products: Bare });

/**
 * Reads `products.json`: an array of products, or `{ "products": […] }`. The products are in Shopify's shape, which always has
 * handles, or in our own (contract/product.ts, where what can be derived may be left out). Throws a CatalogueError when the text
 * is neither.
 */
export function readProductsJson(text: string, file: string, shop: ShopFacts): SourceReading {
  const value = parseJson(text, file);
  const wrapped = Wrapped.safeParse(value);
  const items = wrapped.success ? wrapped.data.products : Bare.safeParse(value).data;
  if (items === undefined) {
    const message = `found ${quote(value)}; it is an array of products, or { "products": [ … ] } and no other key`;
    throw new CatalogueError([{ file, line: null, column: null, message }]);
  }
  const root = wrapped.success ? "products" : "";
  const isShopify = items.some(hasHandle);
  const read = isShopify ? readShopifyProduct : readOwnProduct;

  const reading: SourceReading = { products: [], unpublished: [], problems: [], isShopify };
  const problem = (index: number, path: PropertyKey[], message: string): CatalogueProblem => ({
    file,
    line: null,
    column: `${root}${formatPath([index, ...path])}`,
    message,
  });
  const indexById = new Map<string, number>();
  items.forEach((item, index) => {
    const result = read(item, shop);
    if ("faults" in result) {
      reading.problems.push(...result.faults.map(({ path, message }) => problem(index, path, message)));
    } else if ("unpublished" in result) {
      reading.unpublished.push(result.unpublished);
    } else {
      const { id } = result.product;
      const other = indexById.get(id);
      if (other === undefined) reading.products.push(result.product);
      else
        reading.problems.push(
          problem(index, [], `found ${quote(id)} again; ${root}[${other}] has this handle already`),
        );
      indexById.set(id, other ?? index);
    }
  });
  return reading;
}

const hasHandle = (item: unknown): boolean => typeof item === "object" && item !== null && "handle" in item;

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new CatalogueError([{ file, line: null, column: null, message }]);
  }
}
