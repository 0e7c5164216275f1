import { storeKey } from "../../contract/keys";
import { StoreRecordSchema, type StoreRecord } from "../../contract/store";
import { WandError } from "../../contract/errors";
import { catalogueVersion } from "../../lib/catalogue/version";
import type { Env } from "../env";

/** A record as the deployment wrote it. Throws UNKNOWN_STORE; INTERNAL for one that fails its schema. */
export async function loadDeployed(env: Env, slug: string): Promise<StoreRecord> {
  const text = await env.STORES.get(storeKey(slug), "text");
  if (text === null) throw unknownStore(slug);
  return parseRecord(text, slug);
}

export const unknownStore = (slug: string): WandError =>
  new WandError("UNKNOWN_STORE", `There is no store "${slug}" here.`, { field: "store" });

/** The last record of each store that was read, by its text: parsing and hashing a large one takes longer than reading it. */
const parsed = new Map<string, { text: string; record: StoreRecord }>();

export function parseRecord(text: string, slug: string): StoreRecord {
  const before = parsed.get(slug);
  if (before?.text === text) return before.record;
  const result = StoreRecordSchema.safeParse(JSON.parse(text));
  if (!result.success) throw new Error(`The record of store "${slug}" is malformed`, { cause: result.error });
  const { products } = result.data.catalogue;
  // Worked out from the products: a record edited by hand may keep the version of what it was before.
  const record = { ...result.data, catalogue: { products, version: catalogueVersion(products) } };
  parsed.set(slug, { text, record });
  return record;
}
