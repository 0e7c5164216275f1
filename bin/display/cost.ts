import type { Settings } from "../../infra/config";
import { PARTS, type Cost, type FleetEstimate, type Traffic } from "../../infra/cost";
import { PART_NAMES } from "../../infra/cost/prices";
import type { TrafficSource } from "../cost/traffic";
import { styled } from "./style";

/** Narrower names than the tables of one stack have room for. */
const SHORT = { ...PART_NAMES, durableObjects: "Objects" };

/** `1,234.50`. */
export const dollars = (usd: number): string =>
  usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export const counted = (number: number): string => Math.round(number).toLocaleString("en-US");

/** Rows with the first column to the left and figures to the right, two spaces apart. */
export function figures(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** What one stack costs, a line for each part. */
export function costLines({ parts, monthlyUsd }: Cost): string[] {
  const share = (usd: number): string => (monthlyUsd === 0 ? "" : `${Math.round((usd / monthlyUsd) * 100)} %`);
  const rows = PARTS.map((part) => [PART_NAMES[part], dollars(parts[part]), share(parts[part])]);
  const lines = figures([["", "USD a month", ""], ...rows, ["total", dollars(monthlyUsd), ""]]);
  return [...lines.slice(0, -1), styled("bold", lines.at(-1)!)];
}

/** What stacks cost, a line for each and one for all. */
export function fleetLines({ stacks, parts, monthlyUsd }: FleetEstimate, nameOf: (stack: string) => string): string[] {
  const lines = figures([
    ["USD a month", ...PARTS.map((part) => SHORT[part]), "total"],
    ...stacks.map((stack) => costRow(nameOf(stack.name), stack)),
    costRow("all", { parts, monthlyUsd }),
  ]);
  return [...lines.slice(0, -1), styled("bold", lines.at(-1)!)];
}

const costRow = (name: string, cost: Cost): string[] => [
  name,
  ...PARTS.map((part) => dollars(cost.parts[part])),
  dollars(cost.monthlyUsd),
];

/** How the stack is set, as far as that decides what it costs. */
export function settingsLine({ llm, personalisation, pool, cache }: Settings): string {
  const [first] = llm.providers;
  const by = first === undefined ? "pages by the template" : `pages by ${first.model} (${llm.format})`;
  const whose = personalisation.scope === "shopper" ? "one for each shopper" : "shared by cohorts";
  const members = `a pool of ${pool.size} ${pool.instanceType}, asleep after ${pool.sleepAfter}`;
  return `Settings: ${by}, ${whose}, fresh for ${cache.ttlSeconds} s; ${members}.`;
}

export function trafficLine({ viewsPerDay, pagesPerDay }: Traffic, source: TrafficSource, window?: Window): string {
  const since = window === undefined ? "" : ` ${span(window)}`;
  return `${counted(viewsPerDay)} pages shown and ${counted(pagesPerDay)} made a day, ${source}${since}.`;
}

/** How to have an estimate of one's own traffic. */
export const ASSUMED_HINT =
  "Say what is served by --new-shoppers, by --views-per-day and --pages-per-day, or by --measured.";

interface Window {
  readonly from: string;
  readonly to: string;
  readonly hours: number;
}

/** `from 2026-11-21 10:00 to 2026-11-21 12:30 UTC, 2.5 hours`. */
export const span = ({ from, to, hours }: Window): string =>
  `from ${minute(from)} to ${minute(to)} UTC, ${hours.toLocaleString("en-US", { maximumFractionDigits: 1 })} hours`;

const minute = (at: string): string => at.slice(0, 16).replace("T", " ");
