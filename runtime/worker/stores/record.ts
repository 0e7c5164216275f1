import { changesKey, storeKey } from "../../contract/keys";
import type { Catalogue } from "../../contract/product";
import { STORE_SLUG_PATTERN, type StoreRecord } from "../../contract/store";
import { WandError } from "../../contract/errors";
import { indexProducts, type ProductIndex } from "../../lib/persona/facts";
import type { Env } from "../env";
import { isRecent } from "../recent";
import { parseRecord, unknownStore } from "./deployed";
import { merge } from "./merge";

/** A shop's record as it is today, with what every request of it needs, worked out once. */
export interface Store extends StoreRecord {
  index: ProductIndex;
  /** Origins that the catalogue's pictures come from, for `img-src`. */
  imageOrigins: string[];
}

/** A record read this recently is current: a busy shop's pages then need no read of KV, and a new price shows at once. */
const CURRENT_MS = 250;

interface Known {
  text: string;
  changes: string | null;
  store: Store;
  /** Milliseconds since 1970 at which its reading began. */
  readAt: number;
}

const remembered = new Map<string, Known>();

/** Checks a slug from an address. Throws BAD_STORE. */
export function checkSlug(slug: string): string {
  if (STORE_SLUG_PATTERN.test(slug)) return slug;
  const message = `"${slug.slice(0, 60)}" is no store's name: it has 2 to 40 lower-case letters, digits and hyphens.`;
  throw new WandError("BAD_STORE", message, { field: "store" });
}

/**
 * The shop of a checked slug: its deployed record with what the shop changed since. Throws UNKNOWN_STORE when there is none; a
 * record that fails its schema is our own fault and INTERNAL. Equal texts are parsed once, however often they are read.
 */
export async function loadStore(env: Env, slug: string, now: number = Date.now()): Promise<Store> {
  const before = remembered.get(slug);
  if (before !== undefined) {
    if (isRecent(before.readAt, CURRENT_MS, now)) return before.store;
    before.readAt = now; // whoever asks while it is read again takes what is here, and does not read it as well
  }
  const [text, changes] = await readTexts(env, slug).catch((error: unknown) => {
    if (before !== undefined) before.readAt = 0;
    throw error;
  });
  if (text === null) {
    remembered.delete(slug);
    throw unknownStore(slug);
  }
  const same = before !== undefined && before.text === text && before.changes === changes;
  const store = same ? before.store : today(text, changes, slug);
  remembered.set(slug, { text, changes, store, readAt: now });
  return store;
}

const readTexts = (env: Env, slug: string): Promise<[string | null, string | null]> =>
  Promise.all([env.STORES.get(storeKey(slug), "text"), env.STORES.get(changesKey(slug), "text")]);

function today(text: string, changes: string | null, slug: string): Store {
  const record = parseRecord(text, slug);
  const catalogue = merge(record.catalogue, changes, slug);
  return { ...record, catalogue, index: indexProducts(catalogue.products), imageOrigins: originsOf(catalogue) };
}

function originsOf(catalogue: Catalogue): string[] {
  const urls = catalogue.products.flatMap((product) => [
    product.image_url,
    ...product.images.map((image) => image.url),
    ...product.variants.map((variant) => variant.image_url),
  ]);
  const origins = urls.filter((url) => url !== null).map((url) => new URL(url).origin);
  return [...new Set(origins)].toSorted();
}
