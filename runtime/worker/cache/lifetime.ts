import type { CachedUI } from "../../contract/cachedUi";
import type { StoreRecord } from "../../contract/store";

/** How long a template's page may stand in for a model's: an outage of the model must not become permanent. */
const STAND_IN_SECONDS = 60;
/** How long a page may be kept of which a model gave only a part: long enough not to be made, and paid for, all the time. */
const PARTIAL_SECONDS = 300;
/** KV takes no shorter lifetime. */
const SHORTEST_KV_SECONDS = 60;
const JITTER = 0.1;

export interface Lifetime {
  /** Seconds for which a page is fresh. */
  ttl: number;
  /** Seconds after that for which it may be shown while a new one is made. */
  stale: number;
  /** It goes to R2 too, and so outlives its time in KV. */
  durable: boolean;
}

/** What of a stack's settings decides. */
interface StackTimes {
  hasModel: boolean;
  CACHE_TTL_SECONDS: number;
  STALE_SECONDS: number;
}

/** How long a page of this origin lives in this shop. A template's page is a page like any other where no model is. */
export function lifetimeOf(
  source: CachedUI["source"],
  store: Pick<StoreRecord, "settings">,
  stack: StackTimes,
): Lifetime {
  if (source === "template" && stack.hasModel) return { ttl: STAND_IN_SECONDS, stale: 0, durable: false };
  const ttl = store.settings.cache_ttl_seconds ?? stack.CACHE_TTL_SECONDS;
  return { ttl, stale: stack.STALE_SECONDS, durable: true };
}

/** How long a partial page stays in KV, at most as long as a whole one; it goes nowhere else. */
export function lifetimeOfPartial(store: Pick<StoreRecord, "settings">, stack: StackTimes): Lifetime {
  const { ttl } = lifetimeOf("model", store, stack);
  return { ttl: Math.min(PARTIAL_SECONDS, ttl), stale: 0, durable: false };
}

/**
 * Seconds for `expirationTtl`: pages made together do not expire together. A stand-in's minute is a limit and gets no
 * jitter. `random` is in 0..1.
 */
export function expirationTtl({ ttl, durable }: Pick<Lifetime, "ttl" | "durable">, random: number): number {
  const seconds = durable ? Math.round(ttl * (1 - JITTER + 2 * JITTER * random)) : ttl;
  return Math.max(SHORTEST_KV_SECONDS, seconds);
}

export type Age = "fresh" | "stale" | "gone";

/** Where in its life a page is. */
export function ageOf(generatedAt: string, lifetime: Lifetime, now: number): Age {
  const seconds = (now - Date.parse(generatedAt)) / 1000;
  if (seconds <= lifetime.ttl) return "fresh";
  return seconds <= lifetime.ttl + lifetime.stale ? "stale" : "gone";
}
