/** Counters by name, such as `{"page.kv": 3}`. */
export type Counts = Record<string, number>;

export interface MetricsApi extends Rpc.DurableObjectBranded {
  add(counts: Counts): Promise<void>;
  /** Sums over the buckets since a time (ms since 1970). */
  totals(since: number): Promise<Counts>;
}
