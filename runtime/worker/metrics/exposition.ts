import { histogramOf, samplesOf } from "./histogram";
import { METRICS, type Metric } from "./names";
import { ABOVE, keyOf, seriesOf, type Labels, type Counts } from "./series";

export const PREFIX = "wandstore_";
/** What Prometheus calls this format. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A gauge that is worked out when somebody asks. */
export interface Derived {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [Labels, number])[];
}

/** Figures in the text format of Prometheus, version 0.0.4, by the table's order. */
export function exposition(running: Counts, gauges: Counts, derived: readonly Derived[]): string {
  const kept = Object.entries(METRICS).flatMap(([name, metric]: [string, Metric]) => {
    const samples = metric.kind === "histogram" ? histograms(name, running) : plain(name, metric, running, gauges);
    return [...head(name, metric.kind, metric.help), ...samples];
  });
  const more = derived.flatMap(({ name, help, values }) => [
    ...head(name, "gauge", help),
    ...values.map(([labels, value]) => sample(name, labels, value)),
  ]);
  return `${[...kept, ...more].join("\n")}\n`;
}

const head = (name: string, kind: Metric["kind"], help: string): string[] => [
  `# HELP ${PREFIX}${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
  `# TYPE ${PREFIX}${name} ${kind}`,
];

function plain(name: string, metric: Metric, running: Counts, gauges: Counts): string[] {
  const figures = metric.kind === "counter" ? running : gauges;
  const samples = labelled(name, figures).map(([labels, value]) => sample(name, labels, value));
  // What has no labels is known from the start to be nothing.
  const isNothing = samples.length === 0 && metric.kind === "counter" && metric.labels.length === 0;
  return isNothing ? [sample(name, {}, 0)] : samples;
}

function histograms(name: string, running: Counts): string[] {
  return labelled(`${name}_sum`, running).flatMap(([labels, sum]) => {
    const histogram = histogramOf(running, name, labels);
    let below = 0;
    const buckets = [...histogram.bounds.map(String), ABOVE].map((le, index) => {
      below += histogram.counts[index] ?? 0;
      return sample(`${name}_bucket`, { ...labels, le }, below);
    });
    return [...buckets, sample(`${name}_sum`, labels, sum), sample(`${name}_count`, labels, samplesOf(histogram))];
  });
}

/** The series of a name, sorted, so that two scrapes can be compared. */
function labelled(name: string, figures: Counts): [Labels, number][] {
  return Object.entries(figures)
    .filter(([key]) => key.startsWith(`${name}{`))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]): [Labels, number][] => {
      const series = seriesOf(key);
      return series === undefined || keyOf(series) !== key ? [] : [[series.labels, value]];
    });
}

function sample(name: string, labels: Labels, value: number): string {
  const inside = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  const set = inside.length === 0 ? "" : `{${inside.join(",")}}`;
  return `${PREFIX}${name}${set} ${numeral(value)}`;
}

const escape = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

function numeral(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
