import { histogramOf, quantile, samplesOf } from "./histogram";
import { RULES } from "./alerts/rules";
import type { AlertState } from "./alerts/step";
import type { Derived } from "./exposition";
import { seriesOf, type Labels, type Counts } from "./series";

/** What gauges are worked out of when somebody asks. */
export interface Insight {
  /** What counters have come to in all. */
  readonly running: Counts;
  /** Sums of the last hour. */
  readonly lastHour: Counts;
  /** Highest values of gauges in the last five minutes: more than one scrape apart. */
  readonly highest: Counts;
  readonly alerts: Readonly<Record<string, AlertState>>;
  /** Notices of alerts that no receiver has taken yet. */
  readonly noticesWaiting: number;
}

interface Definition {
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: (insight: Insight) => readonly (readonly [Labels, number])[];
}

const QUANTILES = [0.5, 0.95] as const;

/** Gauges that are not stored. Prometheus can work out the same from the rest; whoever has none reads them here. */
export const DERIVED = {
  sockets_open: {
    // Of an hour alone: nobody tells of the end of those that were open when a process was killed, and they would count for ever.
    help: "WebSockets that are open: opened less closed in the last hour. A page's own script closes its within minutes.",
    labels: ["store"],
    values: ({ running, lastHour }) => {
      const opened = byLabels(lastHour, "sockets_opened_total");
      const closed = byLabels(lastHour, "sockets_closed_total");
      const open = (key: string): number => (opened.get(key)?.value ?? 0) - (closed.get(key)?.value ?? 0);
      return [...byLabels(running, "sockets_opened_total")].map(([key, { labels }]) => [
        labels,
        Math.max(0, open(key)),
      ]);
    },
  },
  page_source_ratio: {
    help: "Share of known shoppers' pages in the last hour that came from each tier.",
    labels: ["source"],
    values: ({ lastHour }) => shares(lastHour, "pages_total", "source", ({ visitor }) => visitor === "known"),
  },
  generation_source_ratio: {
    help: "Share of the pages of the last hour that a model made, or the template.",
    labels: ["source"],
    values: ({ lastHour }) => shares(lastHour, "generations_total", "source", () => true),
  },
  generation_quantile_seconds: {
    help: "Time that this share of the generations of the last hour stayed below, to within a bucket.",
    labels: ["quantile"],
    values: ({ lastHour }) => {
      const histogram = histogramOf(lastHour, "generation_seconds");
      if (samplesOf(histogram) === 0) return [];
      return QUANTILES.map((q) => [{ quantile: String(q) }, quantile(histogram, q)]);
    },
  },
  queue_depth_highest: {
    help: "Highest depth of a pool member's line in the last five minutes.",
    labels: ["member"],
    values: ({ highest }) => [...byLabels(highest, "queue_depth").values()].map(({ labels, value }) => [labels, value]),
  },
  alert_firing: {
    help: "1 while an alert fires, else 0.",
    labels: ["alert"],
    values: ({ alerts }) => RULES.map(({ name }) => [{ alert: name }, alerts[name]?.state === "firing" ? 1 : 0]),
  },
  alert_value: {
    help: "What an alert's rule found when it was last judged; absent while there are too few samples.",
    labels: ["alert"],
    values: ({ alerts }) =>
      RULES.flatMap(({ name }) => {
        const value = alerts[name]?.value ?? null;
        return value === null ? [] : [[{ alert: name }, value] as const];
      }),
  },
  alert_notices_waiting: {
    help: "Notices of alerts that the receiver has not taken yet.",
    labels: [],
    values: ({ noticesWaiting }) => [[{}, noticesWaiting]],
  },
} as const satisfies Readonly<Record<string, Definition>>;

/** All of them, worked out. */
export const derivedFrom = (insight: Insight): Derived[] =>
  Object.entries(DERIVED).map(([name, { help, values }]) => ({ name, help, values: values(insight) }));

function byLabels(figures: Counts, metric: string): Map<string, { labels: Labels; value: number }> {
  return new Map(
    Object.entries(figures)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, value]) => {
        const series = key.startsWith(`${metric}{`) ? seriesOf(key) : undefined;
        return series === undefined ? [] : [[JSON.stringify(series.labels), { labels: series.labels, value }] as const];
      }),
  );
}

function shares(
  figures: Counts,
  metric: string,
  label: string,
  counts: (labels: Labels) => boolean,
): (readonly [Labels, number])[] {
  const sums = new Map<string, number>();
  for (const { labels, value } of byLabels(figures, metric).values()) {
    const name = labels[label] ?? "";
    if (counts(labels)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const all = [...sums.values()].reduce((sum, one) => sum + one, 0);
  return all === 0 ? [] : [...sums].map(([name, value]) => [{ [label]: name }, value / all]);
}
