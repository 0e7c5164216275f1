/**
 * Prices as data: list prices in US dollars, each list with the day it was read and where. `wandstore cost` warns of a list that
 * is older than half a year; whoever reads it again sets the day, changed or not.
 */

/** Where the money goes, as the tables have it. */
export const PARTS = ["workers", "kv", "d1", "r2", "durableObjects", "containers", "models"] as const;
export type Part = (typeof PARTS)[number];
export const PART_NAMES: Readonly<Record<Part, string>> = {
  workers: "Workers",
  kv: "KV",
  d1: "D1",
  r2: "R2",
  durableObjects: "Durable Objects",
  containers: "Containers",
  models: "Models",
};

/** What an account uses beyond `included` in a month costs `usd` for every `per`. */
export interface Rate {
  readonly part: Exclude<Part, "models">;
  readonly included: number;
  readonly per: number;
  readonly usd: number;
  /** Whether a `per` that is begun counts as a whole one. */
  readonly whole?: true;
}

export interface PriceList {
  readonly name: string;
  /** The day it was read. */
  readonly asOf: string;
  readonly source: string;
}

const MILLION = 1_000_000;
const READ = "2026-11-21";
const docs = (name: string, page: string): PriceList => ({
  name,
  asOf: READ,
  source: `https://developers.cloudflare.com/${page}`,
});

export const PRICE_LISTS: readonly PriceList[] = [
  docs("Workers", "workers/platform/pricing/"),
  docs("Observability, as of 1 December 2026", "observability/pricing/"),
  docs("KV", "kv/platform/pricing/"),
  docs("D1", "d1/platform/pricing/"),
  docs("R2", "r2/pricing/"),
  docs("Durable Objects", "durable-objects/platform/pricing/"),
  docs("Containers", "containers/pricing/"),
  { name: "Kimi", asOf: READ, source: "https://platform.kimi.ai/docs/pricing" },
  { name: "Claude", asOf: READ, source: "https://platform.claude.com/docs/en/models" },
];

/** The paid Workers plan of an account, a month. All that is `included` comes with it. */
export const PLAN_USD = 5;

/** Cloudflare's rates. The names are those of `Usage`. */
export const RATES = {
  workerRequests: { part: "workers", included: 10 * MILLION, per: MILLION, usd: 0.3 },
  workerCpuMs: { part: "workers", included: 30 * MILLION, per: MILLION, usd: 0.02 },
  logGb: { part: "workers", included: 50, per: 1, usd: 0.25 },
  logGbMonths: { part: "workers", included: 12, per: 1, usd: 0.1 },
  kvReads: { part: "kv", included: 10 * MILLION, per: MILLION, usd: 0.5 },
  kvWrites: { part: "kv", included: MILLION, per: MILLION, usd: 5 },
  kvGbMonths: { part: "kv", included: 1, per: 1, usd: 0.5 },
  d1RowsRead: { part: "d1", included: 25_000 * MILLION, per: MILLION, usd: 0.001 },
  d1RowsWritten: { part: "d1", included: 50 * MILLION, per: MILLION, usd: 1 },
  d1GbMonths: { part: "d1", included: 5, per: 1, usd: 0.75 },
  r2ClassA: { part: "r2", included: MILLION, per: MILLION, usd: 4.5, whole: true },
  r2ClassB: { part: "r2", included: 10 * MILLION, per: MILLION, usd: 0.36, whole: true },
  r2GbMonths: { part: "r2", included: 10, per: 1, usd: 0.015, whole: true },
  // Cloudflare's own examples round these two up to whole millions.
  objectRequests: { part: "durableObjects", included: MILLION, per: MILLION, usd: 0.15, whole: true },
  objectGbSeconds: { part: "durableObjects", included: 400_000, per: MILLION, usd: 12.5, whole: true },
  objectRowsRead: { part: "durableObjects", included: 25_000 * MILLION, per: MILLION, usd: 0.001 },
  objectRowsWritten: { part: "durableObjects", included: 50 * MILLION, per: MILLION, usd: 1 },
  objectGbMonths: { part: "durableObjects", included: 5, per: 1, usd: 0.2 },
  // Since 21 November 2025 a container's processor is billed by what it works, memory and disk by what it has.
  containerVcpuSeconds: { part: "containers", included: 375 * 60, per: 1, usd: 0.00002 },
  containerGibSeconds: { part: "containers", included: 25 * 3600, per: 1, usd: 0.0000025 },
  containerDiskGbSeconds: { part: "containers", included: 200 * 3600, per: 1, usd: 0.00000007 },
  // North America and Europe; other regions are dearer and include less.
  containerEgressGb: { part: "containers", included: 1000, per: 1, usd: 0.025 },
} as const satisfies Record<string, Rate>;
export type RateName = keyof typeof RATES;

/** Size of a container of each instance type. */
export const INSTANCE_SIZES = {
  lite: { vcpu: 1 / 16, memoryGib: 0.25, diskGb: 2 },
  basic: { vcpu: 1 / 4, memoryGib: 1, diskGb: 4 },
  "standard-1": { vcpu: 1 / 2, memoryGib: 4, diskGb: 8 },
  "standard-2": { vcpu: 1, memoryGib: 6, diskGb: 12 },
  "standard-3": { vcpu: 2, memoryGib: 8, diskGb: 16 },
  "standard-4": { vcpu: 4, memoryGib: 12, diskGb: 20 },
} as const;

interface ModelPrice {
  /** For a million tokens of the request, and of the answer; nothing from a provider's cache. */
  readonly inUsd: number;
  readonly outUsd: number;
}

export const MODEL_PRICES: Readonly<Record<string, ModelPrice>> = {
  "kimi-k2.6": { inUsd: 0.95, outUsd: 4 },
  "claude-haiku-5-5": { inUsd: 0.1, outUsd: 0.5 }, // prompts of up to 100,000 tokens; ours have two
  "claude-sonnet-5-5": { inUsd: 2, outUsd: 10 },
};

/** The price of a model, whoever's name stands before its own; undefined for one that nobody entered. */
export const modelPrice = (model: string): ModelPrice | undefined => {
  const name = model.slice(model.lastIndexOf("/") + 1);
  return Object.hasOwn(MODEL_PRICES, name) ? MODEL_PRICES[name] : undefined;
};

const OLD_DAYS = 180;
const DAY_MS = 86_400_000;

/** The lists that nobody has read for half a year, with the age of each in days. */
export function oldLists(now: number, lists = PRICE_LISTS): { readonly list: PriceList; readonly days: number }[] {
  return lists.flatMap((list) => {
    const days = Math.floor((now - Date.parse(list.asOf)) / DAY_MS);
    return days > OLD_DAYS ? [{ list, days }] : [];
  });
}

/** The day of the oldest list: what is worked out holds for that one. */
export const PRICES_AS_OF = PRICE_LISTS.map(({ asOf }) => asOf).toSorted()[0]!;
