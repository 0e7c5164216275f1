import type { Counts, Gauges } from "./series";

export interface MetricsApi extends Rpc.DurableObjectBranded {
  /** Adds to the figures of the minute that `at` is in (ms since 1970), by default the present one. */
  add(counts: Counts, gauges?: Gauges, at?: number): Promise<void>;
  /** Sums over the buckets since a time (ms since 1970). */
  totals(since: number): Promise<Counts>;
  /** All figures in the text format of Prometheus, version 0.0.4. */
  text(): Promise<string>;
  /** Judges the alert rules for every whole minute before `now` (ms since 1970), and tells of what changed. */
  judge(now: number): Promise<void>;
}
