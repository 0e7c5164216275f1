import { VARIANTS, type ScenarioResult } from "../../infra/cost/scenarios";
import { HOURS_PER_SHOPPER } from "../../infra/cost/traffic";
import { counted, figures } from "./cost";

const BY = { template: "no model", layout: "layout", html: "html" } as const;

/** The scenarios side by side, whole dollars a month, beside what the first estimates said. */
export function scenarioLines(results: readonly ScenarioResult[]): string[] {
  const names = VARIANTS.map(({ format, scope }) => `USD: ${BY[format]}, ${scope}`);
  return figures([
    ["new shoppers a day, refresh", ...results.map(({ short }) => short)],
    ["pages shown a day", ...results.map(({ traffic }) => counted(traffic.viewsPerDay))],
    ["pages made a day", ...results.map(({ traffic }) => counted(traffic.pagesPerDay))],
    ["USD: first estimate", ...results.map(({ seed }) => counted(seed.total))],
    ...names.map((name, row) => [name, ...results.map(({ costs }) => counted(costs[row]!.monthlyUsd))]),
    ["of layout, shopper: models", ...results.map((result) => counted(modelsIn(result, "layout")))],
    ["of html, shopper: models", ...results.map((result) => counted(modelsIn(result, "html")))],
  ]);
}

const modelsIn = ({ costs }: ScenarioResult, format: "layout" | "html"): number =>
  costs.find((cost) => cost.format === format && cost.scope === "shopper")?.modelsUsd ?? 0;

/** Why the figures are others than the first ones. */
export function whyLines(results: readonly ScenarioResult[], model: string, hours = HOURS_PER_SHOPPER): string[] {
  const containers = Math.max(...results.flatMap(({ costs }) => costs.map(({ containersUsd }) => containersUsd)));
  const seed = Math.max(...results.map((result) => result.seed.containers));
  return [
    `Models: the first estimates have none. Here pages are made by ${model}; a layout names products, html writes them out.`,
    `Containers: at most $${counted(containers)} here, up to $${counted(seed)} there. A pool that all shoppers share is awake once, and its processor is billed only while it works.`,
    `Hourly: pages live for an hour and a shopper comes by in ${hours} hours of a day (--active-hours), so that ${hours} are made; the first estimates have ${HOURS_PER_SHOPPER} times the containers of a daily refresh, too.`,
    "Cohorts: a shared page is made anew when its time is over and somebody comes by, however many come: 306 variants in a store, once a day or up to 24 times.",
    "Workers: KV and Durable Objects are counted here, and what the plan includes is taken off.",
  ];
}
