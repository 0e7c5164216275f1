import type { CachedUI } from "../../contract/cachedUi";
import type { Env } from "../env";
import { packJson, unpackJson } from "./packedJson";
import { readStored, type StoredUI } from "./storedUi";
import { kvKeyOf, type Variant } from "./variant";

/** The page KV holds for a variant. A value that is no page of ours counts as none; a new one replaces it. */
export async function readKv(env: Env, variant: Variant): Promise<StoredUI | undefined> {
  const bytes = await env.UI_CACHE.get(kvKeyOf(variant), "arrayBuffer");
  return bytes === null ? undefined : readStored(unpackJson(bytes));
}

/** Writes a page for `ttl` seconds; the metadata is for operators who list keys. */
export async function writeKv(env: Env, variant: Variant, page: CachedUI, ttl: number): Promise<void> {
  const { source, catalogue_version } = page;
  await env.UI_CACHE.put(kvKeyOf(variant), packJson(page), {
    expirationTtl: ttl,
    metadata: { generated_at: page.meta.generated_at, source, catalogue_version },
  });
}
