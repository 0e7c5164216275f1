import { within } from "../deadline";
import type { Env } from "../env";
import type { Timing } from "../http/timing";
import type { Log } from "../log";
import { readKv } from "./kvTier";
import type { KvPage } from "./packedPage";
import { readR2 } from "./r2Tier";
import type { Variant } from "./variant";

/** R2 answers inside this or the shopper gets the fallback, which is there at once. */
const R2_PATIENCE_MS = 40;

export interface Found {
  page: KvPage;
  personaHash: string;
  tier: "kv" | "r2";
}

export interface LookUp {
  env: Env;
  log: Log;
  timing: Timing;
}

/** A variant's page in KV. Fails open: a broken tier is logged and counts as a miss, never as an error page. */
export async function findInKv(variant: Variant, { env, log, timing }: LookUp): Promise<Found | undefined> {
  const page = await timing.measure("kv", () => readKv(env, variant).catch(missed("kv", log)));
  return page && { page, personaHash: variant.personaHash, tier: "kv" };
}

/**
 * The newest page of a variant's subject in R2, if that answers in time. KV remembers a miss for up to a minute, R2 does
 * not. Fails open as well.
 */
export async function findInR2(variant: Variant, { env, log, timing }: LookUp): Promise<Found | undefined> {
  const work = readR2(env, variant).catch(missed("r2", log));
  const found = await timing.measure("r2", () => within(R2_PATIENCE_MS, work, undefined));
  return found && { ...found, tier: "r2" };
}

const missed =
  (tier: Found["tier"], log: Log) =>
  (error: unknown): undefined => {
    log.error("tier_failed", error, { tier });
  };
