import { has, histogramOf, quantile, samplesOf } from "../histogram";
import { seriesOf, type Labels, type Counts } from "../series";
import type { NameOf } from "../names";
import type { Thresholds } from "./thresholds";

/** What a rule finds in a window, and out of how many samples. */
export interface Measured {
  readonly value: number;
  readonly samples: number;
}

/** One condition that somebody is told of. Every field but `measure` is in docs/reference/metrics.md. */
export interface Rule {
  /** Name of the alert and of its runbook. */
  readonly name: string;
  readonly severity: "warning" | "critical";
  /** What is measured, to be followed by a value. */
  readonly what: string;
  readonly unit: "percent" | "seconds" | "USD";
  /** It holds when the value is on this side of the threshold. */
  readonly side: "above" | "below";
  /** Setting of a stack that gives the threshold. */
  readonly setting: string;
  /** Undefined where the stack wants no such alert. */
  readonly threshold: (thresholds: Thresholds) => number | undefined;
  /** What has to be reached again before it ends: further off than the threshold, so that it does not flutter. */
  readonly end: (threshold: number) => number;
  /** Minutes of figures that it looks at. */
  readonly window: number;
  /** Minutes that it must hold before it is told, and be over before its end is told. */
  readonly holds: number;
  /** Every how many minutes it is judged. */
  readonly every: number;
  /** Fewer samples in the window say nothing: a quiet shop is not in trouble for one miss. */
  readonly least: number;
  /** What the samples are. */
  readonly of: string;
  readonly measure: (figures: Counts) => Measured;
}

const DAY_MINUTES = 24 * 60;
const DAYS_OF_MONTH = 30;
/** Sources of a page that count as found. */
const CACHES = ["memory", "kv", "r2", "rerendered"] as const;

/** Every alert of a stack. */
export const RULES: readonly Rule[] = [
  {
    name: "cache-hit-ratio",
    severity: "warning",
    what: "share of known shoppers' page views that a stored page answered",
    unit: "percent",
    side: "below",
    setting: "alerts.cacheHitPercent",
    threshold: ({ cacheHitPercent }) => (cacheHitPercent > 0 ? cacheHitPercent : undefined),
    end: (threshold) => Math.min(100, threshold + 2),
    window: 30,
    holds: 10,
    every: 1,
    least: 100,
    of: "page views",
    measure: (figures) => {
      const found = CACHES.reduce((all, source) => all + sum(figures, "pages_total", { visitor: "known", source }), 0);
      return share(found, sum(figures, "pages_total", { visitor: "known" }));
    },
  },
  {
    name: "generation-time",
    severity: "warning",
    what: "time that 95 % of the generations stay below",
    unit: "seconds",
    side: "above",
    setting: "alerts.generationP95Seconds",
    threshold: ({ generationP95Seconds }) => generationP95Seconds,
    end: (threshold) => threshold * 0.9,
    window: 30,
    holds: 5,
    every: 1,
    least: 20,
    of: "generations",
    measure: (figures) => p95(figures, "generation_seconds"),
  },
  {
    name: "cold-start",
    severity: "warning",
    what: "time in which 95 % of the containers that slept gave their first answer",
    unit: "seconds",
    side: "above",
    setting: "alerts.coldStartSeconds",
    threshold: ({ coldStartSeconds }) => coldStartSeconds,
    end: (threshold) => threshold * 0.9,
    window: 60,
    holds: 5,
    every: 1,
    least: 3,
    of: "starts",
    measure: (figures) => p95(figures, "cold_start_seconds"),
  },
  {
    name: "model-errors",
    severity: "critical",
    what: "share of the calls to models that failed, those that a breaker held back among them",
    unit: "percent",
    side: "above",
    setting: "alerts.modelErrorPercent",
    threshold: ({ modelErrorPercent }) => (modelErrorPercent < 100 ? modelErrorPercent : undefined),
    end: (threshold) => threshold * 0.8,
    window: 15,
    holds: 5,
    every: 1,
    least: 20,
    of: "calls",
    measure: (figures) => {
      const all = sum(figures, "model_calls_total");
      return share(all - sum(figures, "model_calls_total", { outcome: "ok" }), all);
    },
  },
  {
    name: "projected-cost",
    severity: "critical",
    what: "cost of models in a month of 30 days like the last 24 hours",
    unit: "USD",
    side: "above",
    setting: "budget.monthlyUsd",
    threshold: ({ monthlyUsd }) => monthlyUsd,
    end: (threshold) => threshold * 0.95,
    window: DAY_MINUTES,
    holds: 30,
    // A day of minutes is much to add up.
    every: 10,
    least: 20,
    of: "calls",
    measure: (figures) => ({
      value: sum(figures, "model_usd_total") * DAYS_OF_MONTH,
      samples: sum(figures, "model_calls_total"),
    }),
  },
];

/** The sum of all series of a counter that have these labels. */
function sum(figures: Counts, metric: NameOf<"counter">, wanted: Labels = {}): number {
  return Object.entries(figures).reduce((all, [key, value]) => {
    if (!key.startsWith(`${metric}{`)) return all;
    const series = seriesOf(key);
    return series !== undefined && has(series.labels, wanted) ? all + value : all;
  }, 0);
}

const share = (part: number, all: number): Measured => ({
  value: all === 0 ? Number.NaN : (part / all) * 100,
  samples: all,
});

function p95(figures: Counts, metric: NameOf<"histogram">): Measured {
  const histogram = histogramOf(figures, metric);
  return { value: quantile(histogram, 0.95), samples: samplesOf(histogram) };
}
