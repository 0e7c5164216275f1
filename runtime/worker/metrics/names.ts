/** A metric as Prometheus knows it; every name gets the prefix `wandstore_`. */
interface Metric {
  readonly kind: "counter" | "histogram" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
}

/** Everything that is measured, in one table. Labels have few values each; none is ever a shopper's. */
export const METRICS = {
  pages_total: {
    kind: "counter",
    help: "Storefront pages served, by where they came from.",
    labels: ["store", "source"],
  },
  jobs_total: { kind: "counter", help: "Attempts of generation jobs, by how they ended.", labels: ["store", "state"] },
  jobs_refused_total: {
    kind: "counter",
    help: "Triggers that a pool member refused because its line was full.",
    labels: [],
  },
  jobs_dropped_total: { kind: "counter", help: "Triggers that no pool member took.", labels: [] },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof METRICS)[Name]["labels"][number], string>>;
