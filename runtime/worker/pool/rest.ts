import type { JobResult } from "./job";

/** A stand-in that was not needed is not made again for as long as one lives. */
const REST_AFTER_STAND_IN_MS = 60_000;
/** A spent budget is looked at again after this, since it may have been raised; a new day has a new one. */
const LONGEST_BUDGET_REST_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/**
 * Until when (ms since 1970) a variant is let alone after a page. A spent budget stays spent until midnight, UTC: when the
 * stand-in's minute is over its shopper gets the Worker's own template, the same page at no cost, and no job each minute that
 * would make it again. 0 for no rest.
 */
export function restAfter(standIn: JobResult["stand_in"], stored: boolean, now: number): number {
  if (standIn === "budget") return Math.min((Math.floor(now / DAY_MS) + 1) * DAY_MS, now + LONGEST_BUDGET_REST_MS);
  return stored ? 0 : now + REST_AFTER_STAND_IN_MS;
}
