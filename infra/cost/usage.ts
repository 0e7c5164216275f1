import type { Settings } from "../config";
import { INSTANCE_SIZES, type RateName } from "./prices";
import { pageUsd } from "./tokens";
import type { Traffic } from "./traffic";

/** The settings that decide what a stack costs. */
export type CostSettings = Pick<
  Settings,
  "accountId" | "pool" | "personalisation" | "llm" | "cache" | "stores" | "observability"
>;

/** What is used in a month of 30 days, by the names of the rates; and the dollars that go to models. */
export type Usage = Readonly<Record<RateName, number>> & { readonly modelUsd: number };

export const DAYS = 30;
const DAY_S = 86_400;
const GB = 1e9;

/**
 * What one view of a page takes: the page itself, and the events that its script sends of it. Counted in the code, rounded up; what an
 * isolate has in memory is not taken off.
 */
const PER_VIEW = {
  requests: 2,
  cpuMs: 4,
  /** The store's record and its changes for either request, the session, the page. */
  kvReads: 6,
  r2Reads: 0.1,
  /** The shopper's object; the object of figures. */
  objectRequests: 2,
  objectSeconds: 0.05,
  objectRowsRead: 100,
  objectRowsWritten: 12,
} as const;

/** What one page takes that is made: its job, its storing, its news by a WebSocket. */
const PER_PAGE = {
  requests: 1,
  cpuMs: 15,
  kvReads: 4,
  kvWrites: 4,
  r2Writes: 1,
  d1RowsRead: 10,
  d1RowsWritten: 12,
  d1Bytes: 1_000,
  objectRequests: 12,
  objectRowsRead: 100,
  objectRowsWritten: 60,
  /** The request to the model, and the page on its way to the Worker. */
  egressBytes: 50_000,
  /** bench/generator has 15 to 60 ms; a start takes more. */
  containerCpuS: 0.1,
} as const;

/** What a shopper leaves in KV and in their own object, for 30 days. */
const SHOPPER_BYTES = { kv: 1_000, object: 30_000 } as const;
const PAGE_BYTES = { layout: 25_000, html: 40_000 } as const;
/** How long a page is in the making: by the template, by a model as a layout or as a document. */
const GENERATION_S = { template: 1, layout: 8, html: 30 } as const;
/** A Durable Object is billed as if it had this much memory. */
const OBJECT_GB = 0.128;
/** Of its processor, what a container that waits for a model or for work uses. */
const IDLE_CPU_SHARE = 0.02;
/** One line of the log, with all that Cloudflare adds; and for how long it is kept. */
const LOG_BYTES = 1_200;
const LOG_DAYS = 7;
/** How many variants of a page the shoppers of one store come to: persona × category × price band, where anybody is. */
const COHORTS = 306;

const UNIT_S = { s: 1, m: 60, h: 3600 } as const;
/** `5m` in seconds. */
const secondsOf = (duration: string): number =>
  Number.parseInt(duration, 10) * UNIT_S[duration.at(-1) as keyof typeof UNIT_S];

/** What a month of this traffic uses with these settings. */
export function usageOf(settings: CostSettings, traffic: Traffic): Usage {
  const { pool, llm, cache, observability } = settings;
  const made = pagesMade(settings, traffic);
  const [views, pages, shoppers] = [traffic.viewsPerDay * DAYS, made * DAYS, traffic.pagesPerDay * DAYS];
  const pageS = generationSeconds(llm);
  const awakeS = pool.size * DAYS * DAY_S * awakeShare(made / pool.size, pageS + secondsOf(pool.sleepAfter));
  const size = INSTANCE_SIZES[pool.instanceType];
  const pageGb = PAGE_BYTES[llm.format] / GB;
  const requests = views * PER_VIEW.requests + pages * PER_PAGE.requests;
  const objectRequests = views * PER_VIEW.objectRequests + pages * PER_PAGE.objectRequests;
  const logGb = ((requests + objectRequests) * observability.sampling * LOG_BYTES) / GB;
  return {
    workerRequests: requests,
    workerCpuMs: views * PER_VIEW.cpuMs + pages * PER_PAGE.cpuMs,
    logGb,
    logGbMonths: (logGb * LOG_DAYS) / DAYS,
    kvReads: views * PER_VIEW.kvReads + pages * PER_PAGE.kvReads,
    kvWrites: pages * PER_PAGE.kvWrites,
    kvGbMonths: ((made * cache.ttlSeconds) / DAY_S) * pageGb + (shoppers * SHOPPER_BYTES.kv) / GB,
    d1RowsRead: pages * PER_PAGE.d1RowsRead,
    d1RowsWritten: pages * PER_PAGE.d1RowsWritten,
    d1GbMonths: (pages * PER_PAGE.d1Bytes) / GB,
    r2ClassA: pages * PER_PAGE.r2Writes,
    r2ClassB: views * PER_VIEW.r2Reads,
    r2GbMonths: pages * pageGb,
    objectRequests,
    // A container's object is awake while the container is; a queue while it works; a shopper's for a moment.
    objectGbSeconds: (awakeS + pages * pageS + views * PER_VIEW.objectSeconds) * OBJECT_GB,
    objectRowsRead: views * PER_VIEW.objectRowsRead + pages * PER_PAGE.objectRowsRead,
    objectRowsWritten: views * PER_VIEW.objectRowsWritten + pages * PER_PAGE.objectRowsWritten,
    objectGbMonths: (shoppers * SHOPPER_BYTES.object) / GB,
    containerVcpuSeconds: awakeS * size.vcpu * IDLE_CPU_SHARE + pages * PER_PAGE.containerCpuS,
    containerGibSeconds: awakeS * size.memoryGib,
    containerDiskGbSeconds: awakeS * size.diskGb,
    containerEgressGb: (pages * PER_PAGE.egressBytes) / GB,
    modelUsd: pages * pageUsd(llm),
  };
}

/**
 * Pages made in a day. A page that a cohort shares is made anew when somebody comes by after its time (`cache.ttlSeconds`) is over, so
 * that it is made the less often the rarer they come; never more often than each shopper's own would be.
 */
export function pagesMade(
  { personalisation, cache, stores }: Pick<CostSettings, "personalisation" | "cache" | "stores">,
  { viewsPerDay, pagesPerDay }: Traffic,
): number {
  if (personalisation.scope === "shopper") return pagesPerDay;
  const variants = COHORTS * stores.length;
  const waitS = (DAY_S * variants) / viewsPerDay;
  return Math.min(pagesPerDay, (variants * DAY_S) / (cache.ttlSeconds + waitS));
}

/** Pages that the pool can make in a day, when it does nothing else. */
export function mostPages({ pool, llm }: Pick<CostSettings, "pool" | "llm">): number {
  return (pool.size * pool.concurrency * DAY_S) / generationSeconds(llm);
}

const generationSeconds = ({ providers, format }: CostSettings["llm"]): number =>
  GENERATION_S[providers.length === 0 ? "template" : format];

/**
 * The share of a day that one member's container is awake when pages come at random: it sleeps once nothing has come for as long as a
 * page takes and `sleepAfter` more.
 */
function awakeShare(pagesPerDay: number, seconds: number): number {
  return -Math.expm1(-(pagesPerDay / DAY_S) * seconds);
}
