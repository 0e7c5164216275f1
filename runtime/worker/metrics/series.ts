import { metricOf, type Metric } from "./names";

/** What was added to series, such as `{'pages_total{"store":"a",…}': 3}`. Always positive. */
export type Counts = Record<string, number>;
/** Values of gauges: the last one, and the highest since they were sent before. */
export type Gauges = Record<string, { last: number; max: number }>;

export type Labels = Readonly<Record<string, string>>;

/** One line of figures: a metric with the values of its labels. */
export interface Series {
  readonly metric: string;
  /** Which part of a histogram. */
  readonly part?: "bucket" | "sum";
  readonly labels: Labels;
}

/** Longer values are cut: a label is a name, never a text. */
const LABEL_LENGTH = 120;
/** The bucket for what is above the last bound. */
export const ABOVE = "+Inf";

/** A series as it is stored: `pages_total{"store":"a","source":"kv"}`, labels in the order of the table. */
export function keyOf({ metric, part, labels }: Series): string {
  const known = metricOf(metric)?.labels ?? [];
  const names = part === "bucket" ? [...known, "le"] : known;
  const values = names.map((name) => [name, (labels[name] ?? "").slice(0, LABEL_LENGTH)]);
  return `${metric}${part === undefined ? "" : `_${part}`}${JSON.stringify(Object.fromEntries(values))}`;
}

/** The series of a key; undefined for what the table does not know (of another version of the Worker, say). */
export function seriesOf(key: string): Series | undefined {
  const brace = key.indexOf("{");
  if (brace < 1) return undefined;
  const name = key.slice(0, brace);
  const [metric, part] = split(name);
  const labels = parse(key.slice(brace));
  const known = metricOf(metric);
  if (known === undefined || labels === undefined || (known.kind === "histogram") !== (part !== undefined)) {
    return undefined;
  }
  return part === undefined ? { metric, labels } : { metric, part, labels };
}

/** What counters came to, whatever their labels. */
export function counterSums(counts: Counts): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, value] of Object.entries(counts)) {
    const { metric = "" } = seriesOf(key) ?? {};
    if (metricOf(metric)?.kind === "counter") sums[metric] = (sums[metric] ?? 0) + value;
  }
  return sums;
}

/** What an observation adds to: one bucket, and the sum. Buckets are stored apart, not summed up as Prometheus has them. */
export function observation(metric: string, labels: Labels, value: number): [key: string, by: number][] {
  return [
    [keyOf({ metric, part: "bucket", labels: { ...labels, le: bucketOf(metricOf(metric), value) } }), 1],
    [keyOf({ metric, part: "sum", labels }), value],
  ];
}

const bucketOf = (metric: Metric | undefined, value: number): string => {
  const bound = metric?.buckets?.find((upper) => value <= upper);
  return bound === undefined ? ABOVE : String(bound);
};

function split(name: string): [metric: string, part?: "bucket" | "sum"] {
  const [, metric = name, part] = /^(.+)_(bucket|sum)$/.exec(name) ?? [];
  return part === undefined || metricOf(name) !== undefined ? [name] : [metric, part as "bucket" | "sum"];
}

function parse(text: string): Labels | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const isLabels =
      value !== null && typeof value === "object" && Object.values(value).every((one) => typeof one === "string");
    return isLabels ? (value as Labels) : undefined;
  } catch {
    return undefined;
  }
}
