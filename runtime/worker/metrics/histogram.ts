import { metricOf } from "./names";
import { ABOVE, seriesOf, type Labels, type Counts } from "./series";

/** Observations by bucket, in the order of the bounds; the last one is for what is above them. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** A histogram out of figures: that of one set of labels, or without any all of them together. */
export function histogramOf(figures: Counts, metric: string, labels: Labels = {}): Histogram {
  const bounds = metricOf(metric)?.buckets ?? [];
  const counts = [...bounds, ABOVE].map(() => 0);
  for (const [key, value] of Object.entries(figures)) {
    const series = key.startsWith(`${metric}_bucket{`) ? seriesOf(key) : undefined;
    if (series === undefined || !has(series.labels, labels)) continue;
    const le = series.labels["le"];
    const at = le === ABOVE ? bounds.length : bounds.indexOf(Number(le));
    // A bound of a former version of the table counts for the next higher one.
    const index = at >= 0 ? at : bounds.findIndex((bound) => Number(le) < bound);
    counts[index < 0 ? bounds.length : index]! += value;
  }
  return { bounds, counts };
}

export const samplesOf = ({ counts }: Histogram): number => counts.reduce((sum, one) => sum + one, 0);

/**
 * The value that a share `q` of the observations is not above, to within the bucket it is in: observations are taken to be
 * spread evenly in it. What is above the last bound counts as that bound. NaN when nothing was observed.
 */
export function quantile({ bounds, counts }: Histogram, q: number): number {
  const all = samplesOf({ bounds, counts });
  if (all === 0) return Number.NaN;
  const wanted = q * all;
  let below = 0;
  for (const [index, upper] of bounds.entries()) {
    const inside = counts[index] ?? 0;
    if (inside > 0 && below + inside >= wanted) {
      const lower = index === 0 ? 0 : bounds[index - 1]!;
      return lower + ((wanted - below) / inside) * (upper - lower);
    }
    below += inside;
  }
  return bounds.at(-1) ?? Number.NaN;
}

/** Whether a series has these labels, among others. */
export const has = (labels: Labels, wanted: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);
