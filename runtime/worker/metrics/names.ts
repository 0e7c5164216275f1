/** A metric as Prometheus knows it; every name gets the prefix `wandstore_`. */
export interface Metric {
  readonly kind: "counter" | "histogram" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, rising, in the unit that its name ends in. */
  readonly buckets?: readonly number[];
}

/** Close together where alerts are usually set: a quantile is known to within its bucket. */
const GENERATION_S = [0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 25, 30, 45, 60, 90];
const WAIT_S = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120];
const START_S = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60];

/** Everything that is measured, in one table. Labels have few values each; none is ever a shopper's. */
export const METRICS = {
  pages_total: {
    kind: "counter",
    help: "Storefront pages served, by the tier they came from and whether the visitor was known before.",
    labels: ["store", "source", "visitor"],
  },
  carts_total: {
    kind: "counter",
    help: "Products sent to a shop's cart: cart, permalink, product for their page, fallback where the API made no cart.",
    labels: ["store", "outcome"],
  },
  error_answers_total: {
    kind: "counter",
    help: "Error answers of the Worker, by the code of runtime/contract/errors.ts and the HTTP status.",
    labels: ["code", "status"],
  },
  generations_total: {
    kind: "counter",
    help: "Pages that generators delivered, by who made the layout: a model, or the template.",
    labels: ["store", "source"],
  },
  generation_seconds: {
    kind: "histogram",
    help: "Time a generator took for a page, by who made it; failed for one that it did not make.",
    labels: ["source"],
    buckets: GENERATION_S,
  },
  cold_start_seconds: {
    kind: "histogram",
    help: "Time from asking for a container that slept to its first answer.",
    labels: [],
    buckets: START_S,
  },
  model_calls_total: {
    kind: "counter",
    help: "Calls to models, by outcome: ok, an error code, or BREAKER_OPEN for one that the breaker held back.",
    labels: ["model", "outcome"],
  },
  model_breaker_open: {
    kind: "gauge",
    help: "1 where the breaker of a pool member held back its last call to a model, else 0.",
    labels: ["member", "model"],
  },
  model_tokens_total: {
    kind: "counter",
    help: "Tokens that generations took, what came to nothing included; kind is prompt or completion.",
    labels: ["store", "model", "kind"],
  },
  model_usd_total: {
    kind: "counter",
    help: "US dollars that generations took, at list prices.",
    labels: ["store", "model"],
  },
  model_unpriced_total: {
    kind: "counter",
    help: "Generations whose dollars are not known, because a model of theirs has no known price.",
    labels: ["model"],
  },
  sanitiser_refusals_total: {
    kind: "counter",
    help: "Documents of models that the check for safety refused after they were sanitised.",
    labels: ["model"],
  },
  jobs_total: {
    kind: "counter",
    help: "Attempts of generation jobs, by how they ended: done, queued (to be tried again) or failed (dead).",
    labels: ["store", "state"],
  },
  jobs_dead_total: {
    kind: "counter",
    help: "Jobs that were given up, by the code of their last attempt.",
    labels: ["store", "code"],
  },
  templates_total: {
    kind: "counter",
    help: "Pages that the template made though there is a model: the day's budget was spent, or no model gave an answer.",
    labels: ["store", "reason"],
  },
  job_wait_seconds: {
    kind: "histogram",
    help: "Time from a job's being put in line to its first attempt.",
    labels: [],
    buckets: WAIT_S,
  },
  jobs_refused_total: {
    kind: "counter",
    help: "Triggers that a pool member refused with 429 because its line was full.",
    labels: [],
  },
  webhooks_total: {
    kind: "counter",
    help: "Webhooks that came, by what became of them.",
    labels: ["topic", "outcome"],
  },
  jobs_dropped_total: { kind: "counter", help: "Triggers that no pool member took.", labels: [] },
  queue_depth: {
    kind: "gauge",
    help: "Jobs that wait or run at a pool member, since one last came or ended.",
    labels: ["member"],
  },
  queue_age_seconds: {
    kind: "gauge",
    help: "Age of the oldest job in a pool member's line when one last came or ended; 0 for an empty line.",
    labels: ["member"],
  },
  events_total: {
    kind: "counter",
    help: "What shoppers did, as tracking took it, by type.",
    labels: ["store", "type"],
  },
  sockets_opened_total: { kind: "counter", help: "WebSockets opened.", labels: ["store"] },
  sockets_closed_total: { kind: "counter", help: "WebSockets closed, by either side.", labels: ["store"] },
  csp_reports_total: {
    kind: "counter",
    help: "Reports of browsers that a page broke its content security policy.",
    labels: ["directive"],
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
/** The names of one kind. */
export type NameOf<Kind extends Metric["kind"]> = {
  [Name in MetricName]: (typeof METRICS)[Name]["kind"] extends Kind ? Name : never;
}[MetricName];
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof METRICS)[Name]["labels"][number], string>>;

/** What is known of a metric; undefined for a name that is not in the table. */
export const metricOf = (name: string): Metric | undefined =>
  Object.hasOwn(METRICS, name) ? METRICS[name as MetricName] : undefined;
