import type { CachedUI } from "../../contract/cachedUi";
import { WandError } from "../../contract/errors";
import type { GenerateResponse } from "../../contract/generate";
import { writeKv } from "../cache/kvTier";
import { expirationTtl, lifetimeOf } from "../cache/lifetime";
import { writeR2 } from "../cache/r2Tier";
import type { Variant } from "../cache/variant";
import type { Env } from "../env";
import type { Log } from "../log";
import type { Settings } from "../settings";
import type { Store } from "../stores/record";

const WRITE_ATTEMPTS = 3;
/** KV takes one write a second for each key: a refused one is tried again after that. */
const WRITE_PAUSE_MS = 1_100;

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

/** Writes a page to the tiers it belongs in. Throws KV_WRITE_FAILED; R2, which only outlives KV, may fail. */
export async function persist(
  page: CachedUI,
  { env, settings, store, variant, log }: { env: Env; settings: Settings; store: Store; variant: Variant; log: Log },
): Promise<void> {
  const lifetime = lifetimeOf(page.source, store, settings);
  const toKv = repeat(() => writeKv(env, variant, page, expirationTtl(lifetime, Math.random()))).catch(
    (cause: unknown) => {
      throw new WandError("KV_WRITE_FAILED", "The page could not be stored.", { cause });
    },
  );
  const toR2 = lifetime.durable
    ? repeat(() => writeR2(env, variant, page)).catch((error: unknown) => log.error("r2_write_failed", error))
    : undefined;
  await Promise.all([toKv, toR2]);
}

async function repeat(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt >= WRITE_ATTEMPTS) throw error;
      await scheduler.wait(WRITE_PAUSE_MS);
    }
  }
}
