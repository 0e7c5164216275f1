import { decodeBase64, encodeBase64 } from "hono/utils/encode";
import type { CachedUI } from "../../contract/cachedUi";
import type { Env } from "../env";
import { packJson, unpackJson } from "./packedJson";
import { readStored, type StoredUI } from "./storedUi";
import { r2KeyOf, type Variant } from "./variant";

/** A page from R2 says for which persona it was made: a shopper has one object, not one for each variant. */
export interface DurablePage {
  page: StoredUI;
  personaHash: string;
}

/** R2 takes 8,192 bytes of metadata; this leaves room for the other fields. */
const LONGEST_RECORD = 6000;

/** The newest durable page of a variant's subject. An object that is no page of ours counts as none. */
export async function readR2(env: Env, variant: Variant): Promise<DurablePage | undefined> {
  const object = await env.UI_STORAGE.get(r2KeyOf(variant));
  if (object === null) return undefined;
  const { record, persona_hash: personaHash } = object.customMetadata ?? {};
  const html = await object.text();
  if (record === undefined || personaHash === undefined) return undefined;
  const page = readStored(unpackJson(decodeBase64(record).buffer));
  return page && { page: { ...page, ui: { ...page.ui, html } }, personaHash };
}

/**
 * Writes a page as an HTML object that operators can open. What else belongs to it is in the metadata, packed; a layout
 * too long for that is left out, and such a page is not shown once the catalogue has changed.
 */
export async function writeR2(env: Env, variant: Variant, page: CachedUI): Promise<void> {
  const { html, components } = page.ui;
  const recordOf = (kept: CachedUI["ui"]["components"]): string =>
    encodeBase64(packJson({ ...page, ui: { html: "", components: kept } }));
  const whole = recordOf(components);
  await env.UI_STORAGE.put(r2KeyOf(variant), html, {
    httpMetadata: { contentType: "text/html; charset=utf-8", cacheControl: "private, no-store" },
    customMetadata: {
      persona_hash: variant.personaHash,
      generated_at: page.meta.generated_at,
      source: page.source,
      catalogue_version: page.catalogue_version,
      record: whole.length <= LONGEST_RECORD ? whole : recordOf([]),
    },
  });
}
