import { stringify } from "csv-stringify/sync";
import { PARTS, type CostEstimate } from "../../infra/cost";
import type { ScenarioResult } from "../../infra/cost/scenarios";

const usd = (dollars: number): string => dollars.toFixed(2);
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const HEAD = ["stack", "views_per_day", "pages_per_day", ...PARTS.map(snake), "monthly_usd"];

/** A row for each stack, US dollars; no row of sums, so that whoever adds them up counts nothing twice. */
export function stacksCsv(stacks: readonly (CostEstimate & { readonly name: string })[]): string {
  const rows = stacks.map(({ name, assuming, parts, monthlyUsd }) => [
    name,
    Math.round(assuming.viewsPerDay),
    Math.round(assuming.pagesPerDay),
    ...PARTS.map((part) => usd(parts[part])),
    usd(monthlyUsd),
  ]);
  return stringify([HEAD, ...rows]).trimEnd();
}

/** A row for each way to run a shop in each scenario. */
export function scenariosCsv(results: readonly ScenarioResult[]): string {
  const head = ["scenario", "views_per_day", "pages_per_day", "first_estimate_usd", "pages_by", "scope"];
  const rows = results.flatMap(({ name, traffic, seed, costs }) =>
    costs.map(({ format, scope, monthlyUsd, modelsUsd }) => {
      const scenario = [name, traffic.viewsPerDay, traffic.pagesPerDay, usd(seed.total)];
      return [...scenario, format, scope, usd(monthlyUsd), usd(modelsUsd)];
    }),
  );
  return stringify([[...head, "monthly_usd", "models_usd"], ...rows]).trimEnd();
}
