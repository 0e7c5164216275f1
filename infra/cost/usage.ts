import type { Settings } from "../config";
import { INSTANCE_SIZES } from "./prices";

/** What a stack is expected to serve. */
export interface Traffic {
  /** Pages shown in a day, all stores together. */
  readonly viewsPerDay: number;
  /** Pages made in a day, all stores together, where each shopper has their own. */
  readonly pagesPerDay: number;
}

/** The scenario "1K new shoppers a day" of the first estimates: what a stack is judged by until its own figures are known. */
export const ASSUMED_TRAFFIC: Traffic = { viewsPerDay: 10_000, pagesPerDay: 1_000 };

/** What is used in a month of 30 days; the names are those of the rates. */
export interface Usage {
  readonly workerRequests: number;
  readonly workerCpuMs: number;
  readonly kvReads: number;
  readonly kvWrites: number;
  readonly kvGbMonths: number;
  readonly r2ClassA: number;
  readonly r2ClassB: number;
  readonly r2GbMonths: number;
  readonly d1RowsRead: number;
  readonly d1RowsWritten: number;
  readonly objectRequests: number;
  readonly objectGbSeconds: number;
  readonly containerVcpuSeconds: number;
  readonly containerGibSeconds: number;
  readonly containerDiskGbSeconds: number;
  /** Pages that a model makes. */
  readonly modelPages: number;
}

const DAYS = 30;
const DAY_S = 86_400;
/** What one page shown or made takes of each service; counted in the code, rounded up. */
const PER_VIEW = { requests: 2, cpuMs: 4, kvReads: 3, objectRequests: 2, r2Reads: 0.1 };
const PER_PAGE = {
  cpuMs: 15,
  kvWrites: 4,
  r2Writes: 1,
  rowsRead: 10,
  rowsWritten: 12,
  objectRequests: 8,
  bytes: 25_000,
};
/** A page takes a model about this long. */
const GENERATION_S = 8;
/** A Durable Object is billed as if it had this much memory. */
const OBJECT_GB = 0.128;
/** How many pages a cohort shares: persona × category × price band leave a few hundred variants a day. */
const COHORT_PAGES_PER_DAY = 306;

const UNIT_S = { s: 1, m: 60, h: 3600 } as const;
/** `5m` in seconds. */
const secondsOf = (duration: string): number =>
  Number.parseInt(duration, 10) * UNIT_S[duration.at(-1) as keyof typeof UNIT_S];

/** What a month of this traffic uses with these settings. */
export function usageOf(
  { pool, personalisation, llm }: Pick<Settings, "pool" | "personalisation" | "llm">,
  { viewsPerDay, pagesPerDay }: Traffic,
): Usage {
  const made = personalisation.scope === "cohort" ? Math.min(pagesPerDay, COHORT_PAGES_PER_DAY) : pagesPerDay;
  const [views, pages] = [viewsPerDay * DAYS, made * DAYS];
  const storedGb = (pages * PER_PAGE.bytes) / 1e9;
  const containerSeconds = pool.size * DAYS * DAY_S * awakeShare(made / pool.size, secondsOf(pool.sleepAfter));
  const size = INSTANCE_SIZES[pool.instanceType];
  return {
    workerRequests: views * PER_VIEW.requests,
    workerCpuMs: views * PER_VIEW.cpuMs + pages * PER_PAGE.cpuMs,
    kvReads: views * PER_VIEW.kvReads,
    kvWrites: pages * PER_PAGE.kvWrites,
    kvGbMonths: storedGb / (DAYS * 24), // a page is in KV for an hour
    r2ClassA: pages * PER_PAGE.r2Writes,
    r2ClassB: views * PER_VIEW.r2Reads,
    r2GbMonths: storedGb,
    d1RowsRead: pages * PER_PAGE.rowsRead,
    d1RowsWritten: pages * PER_PAGE.rowsWritten,
    objectRequests: views * PER_VIEW.objectRequests + pages * PER_PAGE.objectRequests,
    // A queue member and its container's object are awake while the container is.
    objectGbSeconds: containerSeconds * 2 * OBJECT_GB,
    containerVcpuSeconds: containerSeconds * size.vcpu,
    containerGibSeconds: containerSeconds * size.memoryGib,
    containerDiskGbSeconds: containerSeconds * size.diskGb,
    modelPages: llm.providers.length === 0 ? 0 : pages,
  };
}

/**
 * The share of a day that one member's container is awake when pages come at random: it sleeps once nothing has come for
 * `sleepAfter` after the last page was made.
 */
function awakeShare(pagesPerDay: number, sleepAfterSeconds: number): number {
  return 1 - Math.exp(-(pagesPerDay / DAY_S) * (GENERATION_S + sleepAfterSeconds));
}
