import type { Counts, Gauges } from "./series";

/** Sums of counters over a time, labels added up. */
export interface FigureWindow {
  /** ISO 8601: the first minute in the time that was asked for in which anything was counted; `to` where there was none. */
  readonly from: string;
  readonly to: string;
  /** By the counter's name; one that counted nothing is left out. */
  readonly sums: Readonly<Record<string, number>>;
}

export interface MetricsApi extends Rpc.DurableObjectBranded {
  /** Adds to the figures of the minute that `at` is in (ms since 1970), by default the present one. */
  add(counts: Counts, gauges?: Gauges, at?: number): Promise<void>;
  /** Sums over the buckets since a time (ms since 1970). */
  totals(since: number): Promise<Counts>;
  /** What counters came to in the last so many hours up to `now` (ms since 1970). */
  window(hours: number, now: number): Promise<FigureWindow>;
  /** All figures in the text format of Prometheus, version 0.0.4. */
  text(): Promise<string>;
  /** Judges the alert rules for every whole minute before `now` (ms since 1970), and tells of what changed. */
  judge(now: number): Promise<void>;
}
