import * as z from "zod";
import type { Product } from "../../contract/product";
import { LARGEST_RECORD_BYTES } from "./store";
import { CatalogueError, quote } from "./errors";
import type { ShopFacts } from "./product";
import { formatPath } from "./schemaProblems";
import type { SourceReading } from "./source";
import type { StorefrontDoor } from "./storefrontClient";
import { FieldsDenied, LastingFault, PassingFault, TooComplex } from "./storefrontErrors";
import { readStorefrontProduct } from "./storefrontProduct";
import { type StorefrontOptions, StorefrontReader } from "./storefrontReader";

/**
 * Reads the whole catalogue of a shop from Shopify's Storefront API. Without a token it works too, but Shopify gives no tags
 * and smaller pages. A product that changes while it is read is in the catalogue once.
 * @param source what messages call the API.
 * @throws CatalogueError when the API cannot be read to its end.
 */
export async function readStorefront(
  door: StorefrontDoor,
  source: string,
  shop: ShopFacts,
  options: StorefrontOptions = {},
): Promise<SourceReading> {
  const reader = new StorefrontReader(door, options);
  const reading: SourceReading = { products: [], unpublished: [], problems: [], isShopify: true };
  const taken = new Set<string>();
  let bytes = 0;
  try {
    for await (const item of reader.products()) {
      const result = readStorefrontProduct(item, shop);
      if ("faults" in result) {
        const name = nameOf(item);
        for (const { path, message } of result.faults) {
          reading.problems.push({ file: source, line: null, column: formatPath([name, ...path]), message });
        }
      } else if ("product" in result && !taken.has(result.product.id)) {
        bytes += sizeOf(result.product);
        if (bytes > LARGEST_RECORD_BYTES) {
          throw new LastingFault(`the catalogue has more than ${LARGEST_RECORD_BYTES} bytes; divide the shop`);
        }
        taken.add(result.product.id);
        reading.products.push(result.product);
      }
    }
  } catch (error) {
    if (!isFault(error)) throw error;
    const problem = { file: source, line: null, column: null, message: error.message };
    throw Object.assign(new CatalogueError([problem]), { cause: error });
  }
  return reading;
}

const isFault = (error: unknown): error is Error =>
  [PassingFault, LastingFault, TooComplex, FieldsDenied].some((Fault) => error instanceof Fault);

/** No more than the record's bytes: characters, of which each is at least one. */
const sizeOf = (product: Product): number => JSON.stringify(product).length;

/** How messages call a product that cannot be read. */
function nameOf(item: unknown): string {
  const named = z.object({ handle: z.string() }).safeParse(item);
  return named.success ? `products[${quote(named.data.handle)}]` : "products[?]";
}
