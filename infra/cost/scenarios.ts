import type { Settings } from "../config";
import { estimateCost } from "./index";
import type { CostSettings } from "./usage";
import { type Refresh, trafficOf, type Traffic } from "./traffic";

/** What the first estimates said of a scenario, US dollars a month; none of it is for models. */
export interface SeedFigures {
  readonly containers: number;
  readonly workers: number;
  readonly egress: number;
  readonly total: number;
}

interface Scenario {
  readonly name: string;
  /** The same for the head of a column. */
  readonly short: string;
  readonly newShoppersPerDay: number;
  readonly refresh: Refresh;
  readonly seed: SeedFigures;
}

/** The three scenarios of the first estimates, "Cost" of the validation report of February 2026, with its own figures. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "10K new shoppers a day, hourly refresh",
    short: "10K hourly",
    newShoppersPerDay: 10_000,
    refresh: "hourly",
    seed: { containers: 1_800, workers: 200, egress: 50, total: 2_050 },
  },
  {
    name: "10K new shoppers a day, daily refresh",
    short: "10K daily",
    newShoppersPerDay: 10_000,
    refresh: "daily",
    seed: { containers: 600, workers: 150, egress: 30, total: 780 },
  },
  {
    name: "1K new shoppers a day, hourly refresh",
    short: "1K hourly",
    newShoppersPerDay: 1_000,
    refresh: "hourly",
    seed: { containers: 180, workers: 50, egress: 10, total: 240 },
  },
];

/** One way to run a shop. */
export interface Variant {
  readonly format: "template" | Settings["llm"]["format"];
  readonly scope: Settings["personalisation"]["scope"];
}

const SCOPES = ["shopper", "cohort"] as const;
/** Every way that is compared; by the template there are no formats. */
export const VARIANTS: readonly Variant[] = (["template", "layout", "html"] as const).flatMap((format) =>
  SCOPES.map((scope) => ({ format, scope })),
);

export interface ScenarioCost extends Variant {
  readonly monthlyUsd: number;
  readonly modelsUsd: number;
  readonly containersUsd: number;
}

export interface ScenarioResult extends Scenario {
  readonly traffic: Traffic;
  readonly costs: readonly ScenarioCost[];
}

/** How long a page lives where it is made anew so often. */
const TTL_SECONDS = { hourly: 3_600, daily: 86_400 } as const;
/** The model of the first estimates, for stacks that name none. */
const DEFAULT_PROVIDERS: CostSettings["llm"]["providers"] = [{ kind: "kimi", model: "kimi-k2.6" }];

/**
 * What a stack would cost in each scenario, run in each way: its pool and its models, and pages that live as long as the scenario says.
 * @param hours of a day in which a shopper comes by, for hourly refreshes
 */
export function scenarioCosts(settings: CostSettings, hours?: number): ScenarioResult[] {
  const { providers } = settings.llm;
  const models = providers.length === 0 ? DEFAULT_PROVIDERS : providers;
  return SCENARIOS.map((scenario) => {
    const traffic = trafficOf({ ...scenario, ...(hours !== undefined && { hours }) });
    const costs = VARIANTS.map(({ format, scope }): ScenarioCost => {
      const llm =
        format === "template" ? { ...settings.llm, providers: [] } : { ...settings.llm, providers: models, format };
      const cache = { ...settings.cache, ttlSeconds: TTL_SECONDS[scenario.refresh] };
      const personalisation = { ...settings.personalisation, scope };
      const { monthlyUsd, parts } = estimateCost({ ...settings, llm, cache, personalisation }, traffic);
      return { format, scope, monthlyUsd, modelsUsd: parts.models, containersUsd: parts.containers };
    });
    return { ...scenario, traffic, costs };
  });
}

/** The model that a stack's scenarios are worked out with. */
export const scenarioModel = ({ llm }: Pick<CostSettings, "llm">): string =>
  (llm.providers[0] ?? DEFAULT_PROVIDERS[0]!).model;
