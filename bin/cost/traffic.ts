import { completeTraffic, MOST_PER_DAY, trafficOf, type Refresh, type Traffic } from "../../infra/cost/traffic";
import { Failure } from "../failure";

/** Options that say what is served, as they were typed. */
export interface TrafficOptions {
  viewsPerDay?: string;
  pagesPerDay?: string;
  newShoppers?: string;
  refresh?: Refresh;
  activeHours?: string;
  measured: boolean;
}

export type TrafficSource = "assumed" | "given" | "measured";

/**
 * What is served, as the options say it; undefined where it is to be measured.
 * @throws Failure BAD_TRAFFIC for what is no number or out of its range; USAGE for options that contradict each other
 */
export function givenTraffic(options: TrafficOptions): { source: TrafficSource; traffic: Traffic } | undefined {
  const { refresh, measured } = options;
  const viewsPerDay = perDay("--views-per-day", options.viewsPerDay);
  const pagesPerDay = perDay("--pages-per-day", options.pagesPerDay);
  const newShoppersPerDay = perDay("--new-shoppers", options.newShoppers);
  const hours = activeHours(options);
  const isCounted = viewsPerDay !== undefined || pagesPerDay !== undefined;
  refuse(measured && (isCounted || newShoppersPerDay !== undefined), "--measured says the traffic itself");
  refuse(isCounted && newShoppersPerDay !== undefined, "--new-shoppers stands for --views-per-day and --pages-per-day");
  refuse(refresh !== undefined && newShoppersPerDay === undefined, "--refresh needs --new-shoppers");
  if (measured) return undefined;
  if (newShoppersPerDay !== undefined) {
    const shoppers = { newShoppersPerDay, refresh: refresh ?? "daily", ...(hours !== undefined && { hours }) };
    return { source: "given", traffic: trafficOf(shoppers) };
  }
  const given = {
    ...(viewsPerDay !== undefined && { viewsPerDay }),
    ...(pagesPerDay !== undefined && { pagesPerDay }),
  };
  return { source: isCounted ? "given" : "assumed", traffic: completeTraffic(given) };
}

/** The hours of a day in which a shopper comes by. Where pages live for a day they change nothing. */
export function activeHours({ activeHours: text, refresh, newShoppers }: Partial<TrafficOptions>): number | undefined {
  const hours = whole("--active-hours", text, 1, 24);
  refuse(
    hours !== undefined && newShoppers !== undefined && refresh !== "hourly",
    "--active-hours needs --refresh hourly",
  );
  return hours;
}

/** @throws Failure USAGE for options that say what the scenarios say */
export function refuseTraffic(options: TrafficOptions): void {
  const given = [options.viewsPerDay, options.pagesPerDay, options.newShoppers, options.refresh];
  refuse(options.measured || given.some((one) => one !== undefined), "--scenarios have a traffic of their own");
}

const perDay = (option: string, text: string | undefined): number | undefined => whole(option, text, 0, MOST_PER_DAY);

function whole(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number >= least && number <= most) return number;
  const range = `from ${least} to ${most.toLocaleString("en-US")}`;
  throw new Failure("BAD_TRAFFIC", `${option} is a whole number ${range}; found ${JSON.stringify(text.slice(0, 40))}`);
}

function refuse(contradicts: boolean, why: string): void {
  if (contradicts) throw new Failure("USAGE", `these options contradict each other: ${why}`);
}
