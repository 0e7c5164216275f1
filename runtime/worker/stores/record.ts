import { storeKey } from "../../contract/keys";
import { StoreRecordSchema, STORE_SLUG_PATTERN, type StoreRecord } from "../../contract/store";
import { WandError } from "../../contract/errors";
import { catalogueVersion } from "../../lib/catalogue/version";
import { indexProducts, type ProductIndex } from "../../lib/persona/facts";
import type { Env } from "../env";

/** A shop's record with what every request of it needs, worked out once. */
export interface Store extends StoreRecord {
  index: ProductIndex;
  /** Origins that the catalogue's pictures come from, for `img-src`. */
  imageOrigins: string[];
}

/** A record read this recently is current: a busy shop's pages then need no read of KV, and a new price shows at once. */
const CURRENT_MS = 250;

const remembered = new Map<string, { text: string; store: Store; readAt: number }>();

/** Checks a slug from an address. Throws BAD_STORE. */
export function checkSlug(slug: string): string {
  if (STORE_SLUG_PATTERN.test(slug)) return slug;
  const message = `"${slug.slice(0, 60)}" is no store's name: it has 2 to 40 lower-case letters, digits and hyphens.`;
  throw new WandError("BAD_STORE", message, { field: "store" });
}

/**
 * The shop of a checked slug. Throws UNKNOWN_STORE when there is none; a record that fails its schema is our own fault
 * and INTERNAL. The text of a record is parsed once, however often it is read.
 */
export async function loadStore(env: Env, slug: string, now: number = Date.now()): Promise<Store> {
  const before = remembered.get(slug);
  if (before !== undefined && now - before.readAt < CURRENT_MS) return before.store;
  const text = await env.STORES.get(storeKey(slug), "text");
  if (text === null) {
    remembered.delete(slug);
    throw new WandError("UNKNOWN_STORE", `There is no store "${slug}" here.`, { field: "store" });
  }
  const store = before?.text === text ? before.store : parse(text, slug);
  remembered.set(slug, { text, store, readAt: now });
  return store;
}

function parse(text: string, slug: string): Store {
  const parsed = StoreRecordSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`The record of store "${slug}" is malformed`, { cause: parsed.error });
  const record = parsed.data;
  const { products } = record.catalogue;
  return {
    ...record,
    // Worked out from the products: a record edited by hand may keep the version of what it was before.
    catalogue: { products, version: catalogueVersion(products) },
    index: indexProducts(products),
    imageOrigins: originsOf(record),
  };
}

function originsOf({ catalogue }: StoreRecord): string[] {
  const urls = catalogue.products.flatMap((product) => [
    product.image_url,
    ...product.images.map((image) => image.url),
    ...product.variants.map((variant) => variant.image_url),
  ]);
  const origins = urls.filter((url) => url !== null).map((url) => new URL(url).origin);
  return [...new Set(origins)].toSorted();
}
