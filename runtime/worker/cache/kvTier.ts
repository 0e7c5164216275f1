import type { CachedUI } from "../../contract/cachedUi";
import type { Env } from "../env";
import { packPage, unpackPage, type KvPage } from "./packedPage";
import { kvKeyOf, type Variant } from "./variant";

/** The page KV holds for a variant. A value that is no page of ours counts as none; a new one replaces it. */
export async function readKv(env: Env, variant: Variant): Promise<KvPage | undefined> {
  const bytes = await env.UI_CACHE.get(kvKeyOf(variant), "arrayBuffer");
  return bytes === null ? undefined : unpackPage(bytes);
}

/** How a page goes into KV. */
export interface KvWrite {
  /** What is sent to its reader: the page's document, with what each page gets when it is served. */
  document: string;
  /** Seconds. */
  ttl: number;
}

/** Writes a page; the metadata is for operators who list keys. */
export async function writeKv(env: Env, variant: Variant, page: CachedUI, { document, ttl }: KvWrite): Promise<void> {
  const { source, catalogue_version } = page;
  await env.UI_CACHE.put(kvKeyOf(variant), packPage(page, document), {
    expirationTtl: ttl,
    metadata: { generated_at: page.meta.generated_at, source, catalogue_version },
  });
}
