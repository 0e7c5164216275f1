/** Prices as data. Check them again before trusting a figure: each list says when and where it was read. */

/** What is used beyond `included` in a month costs `usd` per unit. */
export interface Rate {
  readonly included: number;
  readonly usd: number;
}

const million = (usd: number): number => usd / 1_000_000;

/** Cloudflare's list prices of the paid Workers plan, US dollars. Read in November 2026 from its pricing pages. */
export const CLOUDFLARE_PRICES = {
  asOf: "2026-11-21",
  source: "https://developers.cloudflare.com/workers/platform/pricing/ and those of containers, R2, D1, KV",
  /** The plan itself, a month. */
  planUsd: 5,
  workerRequests: { included: 10_000_000, usd: million(0.3) },
  workerCpuMs: { included: 30_000_000, usd: million(0.02) },
  kvReads: { included: 10_000_000, usd: million(0.5) },
  kvWrites: { included: 1_000_000, usd: million(5) },
  kvGbMonths: { included: 1, usd: 0.5 },
  r2ClassA: { included: 1_000_000, usd: million(4.5) },
  r2ClassB: { included: 10_000_000, usd: million(0.36) },
  r2GbMonths: { included: 10, usd: 0.015 },
  d1RowsRead: { included: 25_000_000_000, usd: million(0.001) },
  d1RowsWritten: { included: 50_000_000, usd: million(1) },
  objectRequests: { included: 1_000_000, usd: million(0.15) },
  objectGbSeconds: { included: 400_000, usd: million(12.5) },
  containerVcpuSeconds: { included: 375 * 60, usd: 0.00002 },
  containerGibSeconds: { included: 25 * 3600, usd: 0.0000025 },
  containerDiskGbSeconds: { included: 200 * 3600, usd: 0.00000007 },
} as const satisfies Record<string, Rate | number | string>;

/** Size of a container of each instance type. */
export const INSTANCE_SIZES = {
  lite: { vcpu: 1 / 16, memoryGib: 0.25, diskGb: 2 },
  basic: { vcpu: 1 / 4, memoryGib: 1, diskGb: 4 },
  "standard-1": { vcpu: 1 / 2, memoryGib: 4, diskGb: 8 },
  "standard-2": { vcpu: 1, memoryGib: 6, diskGb: 12 },
  "standard-3": { vcpu: 2, memoryGib: 8, diskGb: 16 },
  "standard-4": { vcpu: 4, memoryGib: 12, diskGb: 20 },
} as const;

/** US dollars for a million tokens, in and out, as the providers listed them in November 2026. */
export const MODEL_PRICES: Readonly<Record<string, { readonly inUsd: number; readonly outUsd: number }>> = {
  "kimi-k2.6": { inUsd: 0.95, outUsd: 4 },
  "claude-haiku-5-5": { inUsd: 0.1, outUsd: 0.5 },
  "claude-sonnet-5-5": { inUsd: 2, outUsd: 10 },
};
