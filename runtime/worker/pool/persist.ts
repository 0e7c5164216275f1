import type { CachedUI } from "../../contract/cachedUi";
import { WandError } from "../../contract/errors";
import type { GenerateResponse } from "../../contract/generate";
import { readKv, writeKv } from "../cache/kvTier";
import { ageOf, expirationTtl, lifetimeOf, lifetimeOfPartial } from "../cache/lifetime";
import { readR2, writeR2 } from "../cache/r2Tier";
import type { StoredUI } from "../cache/storedUi";
import { kvKeyOf, r2KeyOf, type Variant } from "../cache/variant";
import { within } from "../deadline";
import type { Env } from "../env";
import type { Log } from "../log";
import type { Settings } from "../settings";
import type { Store } from "../stores/record";
import { withPrivacyLine } from "../pages/privacy";
import { repeat } from "./repeat";

/** A tier that takes longer counts as failed. */
const TIER_DEADLINE_MS = 5_000;

/** The generator's answer as it is stored. `store` is the record the request was made from. */
export function cachedUi(response: GenerateResponse, store: Store, personaType: string): CachedUI {
  const { ui, meta } = response;
  return {
    version: 1,
    format: ui.format,
    ui: { html: ui.html, components: ui.components },
    meta: {
      persona_type: personaType,
      generated_at: meta.generated_at,
      model: meta.model,
      generation_time_ms: meta.generation_time_ms,
    },
    shop_context: { shop_id: store.slug, product_count: store.catalogue.products.length },
    source: meta.source,
    catalogue_version: store.catalogue.version,
    csp_hash: ui.csp_hash,
  };
}

interface Place {
  env: Env;
  settings: Settings;
  store: Store;
  variant: Variant;
  log: Log;
  /** Whether the page is only a part of what the model was asked for. */
  isPartial: boolean;
}

/** Writes a page to the tiers it belongs in. Throws KV_WRITE_FAILED; R2, which only outlives KV, may fail. */
export async function persist(page: CachedUI, { env, settings, store, variant, log, isPartial }: Place): Promise<void> {
  const lifetime = isPartial ? lifetimeOfPartial(store, settings) : lifetimeOf(page.source, store, settings);
  const entry = { document: withPrivacyLine(page.ui.html, store), ttl: expirationTtl(lifetime, Math.random()) };
  const toKv = repeat(() => inTime(writeKv(env, variant, page, entry))).catch((cause: unknown) => {
    throw new WandError("KV_WRITE_FAILED", "The page could not be stored.", { cause });
  });
  const toR2 = lifetime.durable
    ? repeat(() => inTime(writeR2(env, variant, page))).catch((error: unknown) => log.error("r2_write_failed", error))
    : undefined;
  await Promise.all([toKv, toR2]);
}

/** Takes a page back that was stored for a subject who was forgotten meanwhile. Throws when a tier does not let go of it. */
export async function takeBack(variant: Variant, env: Env): Promise<void> {
  await Promise.all([
    repeat(() => inTime(env.UI_CACHE.delete(kvKeyOf(variant)))),
    repeat(() => inTime(env.UI_STORAGE.delete(r2KeyOf(variant)))),
  ]);
}

/**
 * Whether a page by a model is there that may still be shown. A stand-in does not take its place, nor does a partial page: an
 * outage of the model would cost the shopper a page that was good.
 */
export async function hasBetter(page: CachedUI, place: Place): Promise<boolean> {
  const { env, settings, store, variant, log, isPartial } = place;
  if ((page.source !== "template" && !isPartial) || !settings.hasModel) return false;
  const isBetter = (there: StoredUI | undefined): boolean =>
    there?.source === "model" &&
    there.catalogue_version === page.catalogue_version &&
    ageOf(there.meta.generated_at, lifetimeOf("model", store, settings), Date.now()) !== "gone";
  try {
    if (isBetter(await within(TIER_DEADLINE_MS, readKv(env, variant), undefined))) return true;
    const durable = await within(TIER_DEADLINE_MS, readR2(env, variant), undefined);
    return durable?.personaHash === variant.personaHash && isBetter(durable.page);
  } catch (error) {
    log.error("tier_failed", error);
    return false;
  }
}

async function inTime(write: Promise<void>): Promise<void> {
  const done = await within(
    TIER_DEADLINE_MS,
    write.then(() => true),
    false,
  );
  if (!done) throw new Error(`no answer in ${TIER_DEADLINE_MS / 1000} s`);
}
