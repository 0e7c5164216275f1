import { type Resource, resourceRule } from "../rule";
import { number } from "../thresholds";
import { TYPES } from "../types";
import { jsonOf, numberOf, objectOf, textOf } from "../values";
import { variablesOf } from "../worker";

export const cacheTtlBounds = resourceRule({
  name: "cache-ttl-bounds",
  level: "mandatory",
  what: "What is cached lives for a time: neither so short that KV refuses it, nor for ever.",
  why:
    "KV takes no lifetime below a minute, so that nothing would be cached and each view would be generated anew; and a page " +
    "that lives too long shows prices and people's interests of another day.",
  fix: "Set cache.ttlSeconds and cache.staleSeconds, or the shop's own cache_ttl_seconds, within these bounds.",
  setting: "cache.ttlSeconds",
  thresholds: {
    leastSeconds: number(60, "seconds that something cached lives at least"),
    mostSeconds: number(86_400, "seconds that something cached lives at most"),
    mostStaleSeconds: number(86_400, "seconds that an old page may be shown for after that"),
  },
  judge(resource, say, { leastSeconds, mostSeconds, mostStaleSeconds }) {
    for (const [what, value, least, most] of [
      ...lifetimesOf(resource).map(([name, seconds]) => [name, seconds, leastSeconds, mostSeconds] as const),
      ["STALE_SECONDS", variablesOf(resource).get("STALE_SECONDS"), 0, mostStaleSeconds] as const,
    ]) {
      if (value === undefined || typeof value === "symbol") continue;
      const seconds = numberOf(value);
      if (seconds !== undefined && seconds >= least && seconds <= most) continue;
      say(`${what} is ${JSON.stringify(value)}; allowed are ${least} to ${most} seconds.`);
    }
  },
});

/** Lifetimes that a resource gives to what is cached: a Worker's, a shop's own, that of a single KV value. */
function lifetimesOf(resource: Resource): readonly (readonly [name: string, value: unknown])[] {
  const { type, props } = resource;
  if (type !== TYPES.kvValue) return [["CACHE_TTL_SECONDS", variablesOf(resource).get("CACHE_TTL_SECONDS")]];
  const isStore = textOf(props["keyName"])?.startsWith("store:") === true;
  const { cache_ttl_seconds: ofShop } = objectOf(isStore ? jsonOf(props["value"])["settings"] : undefined);
  return [
    ["cache_ttl_seconds of the shop", ofShop],
    ["expirationTtl", props["expirationTtl"]],
  ];
}
