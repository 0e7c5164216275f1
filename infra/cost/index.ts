import type { Settings } from "../config";
import { CLOUDFLARE_PRICES, MODEL_PRICES, type Rate } from "./prices";
import { ASSUMED_TRAFFIC, type Traffic, type Usage, usageOf } from "./usage";

export { ASSUMED_TRAFFIC, type Traffic } from "./usage";

/** A month of 30 days in US dollars, rounded to cents. The parts add up to the total. */
export interface CostEstimate {
  readonly monthlyUsd: number;
  readonly parts: {
    readonly workers: number;
    readonly storage: number;
    readonly durableObjects: number;
    readonly containers: number;
    readonly models: number;
  };
  /** The traffic it holds for, and the day its prices are of. */
  readonly assuming: Traffic & { readonly pricesAsOf: string };
}

type RateName = {
  [Key in keyof typeof CLOUDFLARE_PRICES]: (typeof CLOUDFLARE_PRICES)[Key] extends Rate ? Key : never;
}[keyof typeof CLOUDFLARE_PRICES];

/** Tokens of one page: a layout names products, a whole document writes them out. */
const TOKENS = { layout: { in: 1600, out: 300 }, html: { in: 1250, out: 2800 } } as const;

/**
 * What a stack costs in a month. The first provider makes every page; a model whose price is not known counts as the
 * dearest one that is.
 */
export function estimateCost(
  settings: Pick<Settings, "pool" | "personalisation" | "llm">,
  traffic: Traffic = ASSUMED_TRAFFIC,
): CostEstimate {
  const usage = usageOf(settings, traffic);
  const cost = (...names: RateName[]): number => cents(names.reduce((sum, name) => sum + overage(usage, name), 0));
  const parts = {
    workers: cents(CLOUDFLARE_PRICES.planUsd + cost("workerRequests", "workerCpuMs")),
    storage: cost(
      ...(["kvReads", "kvWrites", "kvGbMonths", "r2ClassA", "r2ClassB", "r2GbMonths"] as const),
      ...(["d1RowsRead", "d1RowsWritten"] as const),
    ),
    durableObjects: cost("objectRequests", "objectGbSeconds"),
    containers: cost("containerVcpuSeconds", "containerGibSeconds", "containerDiskGbSeconds"),
    models: cents(usage.modelPages * pageUsd(settings.llm)),
  };
  const monthlyUsd = cents(Object.values(parts).reduce((sum, part) => sum + part, 0));
  return { monthlyUsd, parts, assuming: { ...traffic, pricesAsOf: CLOUDFLARE_PRICES.asOf } };
}

const cents = (usd: number): number => Math.round(usd * 100) / 100;

function overage(usage: Usage, name: RateName): number {
  const { included, usd }: Rate = CLOUDFLARE_PRICES[name];
  return Math.max(0, usage[name] - included) * usd;
}

/** What the first provider asks for one page. */
function pageUsd({ providers, format }: Settings["llm"]): number {
  const [first] = providers;
  if (first === undefined) return 0;
  const tokens = TOKENS[format];
  const usd = ({ inUsd, outUsd }: { inUsd: number; outUsd: number }): number =>
    (tokens.in * inUsd + tokens.out * outUsd) / 1_000_000;
  const known = MODEL_PRICES[first.model];
  return known ? usd(known) : Math.max(...Object.values(MODEL_PRICES).map(usd));
}
