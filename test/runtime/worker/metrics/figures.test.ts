import { DatabaseSync } from "node:sqlite";
import { exposition } from "../../../../runtime/worker/metrics/exposition";
import { FigureStore } from "../../../../runtime/worker/metrics/figures";
import { histogramOf, quantile } from "../../../../runtime/worker/metrics/histogram";
import { METRICS } from "../../../../runtime/worker/metrics/names";
import { counterSums, keyOf, observation, seriesOf } from "../../../../runtime/worker/metrics/series";
import { parseExposition, valueIn } from "./exposition";
import { sqlOf } from "../support/sql";

const store = () => new FigureStore(sqlOf(new DatabaseSync(":memory:")));
const pages = (labels: Record<string, string>) => keyOf({ metric: "pages_total", labels });
const WEEK = 7 * 24 * 60;

describe("series", () => {
  it("have one key whatever the order of their labels", () => {
    const key = pages({ visitor: "known", source: "kv", store: "a" });
    expect(key).toBe('pages_total{"store":"a","source":"kv","visitor":"known"}');
    expect(seriesOf(key)).toEqual({ metric: "pages_total", labels: { store: "a", source: "kv", visitor: "known" } });
  });

  it.each([
    "nonsense",
    "unknown_total{}",
    "pages_total",
    "pages_total{broken",
    'pages_total{"store":1}',
    'generation_seconds{"source":"model"}',
    "constructor{}",
  ])("%s is none", (key) => {
    expect(seriesOf(key)).toBeUndefined();
  });

  it("have labels that are names, never texts", () => {
    expect(seriesOf(pages({ store: "x".repeat(5_000) }))?.labels["store"]).toHaveLength(120);
  });
});

describe("the store of figures", () => {
  it("adds up by minute, and from the first one to before the second", () => {
    const figures = store();
    const key = pages({ store: "a", source: "kv", visitor: "known" });
    for (const minute of [10, 11, 11, 12]) figures.add({ [key]: 2 }, {}, minute);
    expect(figures.totals(11)).toEqual({ [key]: 6 });
    expect(figures.totals(10, 12)).toEqual({ [key]: 6 });
    expect(figures.totals(13)).toEqual({});
    expect(figures.newestMinute()).toBe(12);
  });

  it("knows the first minute from a time on, and what counters came to whatever their labels", () => {
    const figures = store();
    expect(figures.oldestMinute(0)).toBeUndefined();
    const [a, b] = [
      { store: "a", source: "kv", visitor: "known" },
      { store: "b", source: "kv", visitor: "new" },
    ];
    figures.add({ [pages(a)]: 2 }, {}, 10);
    figures.add({ [pages(b)]: 3, ...Object.fromEntries(observation("job_wait_seconds", {}, 2)) }, {}, 12);
    expect([figures.oldestMinute(0), figures.oldestMinute(11), figures.oldestMinute(13)]).toEqual([10, 12, undefined]);
    expect(counterSums(figures.totals(10))).toEqual({ pages_total: 5 });
    expect(counterSums({ "unknown_total{}": 4, nonsense: 1 })).toEqual({});
  });

  it("forgets minutes after seven days, while no counter falls", () => {
    const figures = store();
    const key = pages({ store: "a", source: "kv", visitor: "known" });
    figures.add({ [key]: 5 }, {}, 1_000);
    figures.add({ [key]: 1 }, {}, 1_000 + WEEK);
    expect(figures.totals(0)).toEqual({ [key]: 6 });
    figures.add({ [key]: 1 }, {}, 1_001 + WEEK);
    expect(figures.totals(0)).toEqual({ [key]: 2 });
    expect(figures.running()).toEqual({ [key]: 7 });
  });

  it.each([Number.NaN, Infinity, -1])("leaves %s out", (value) => {
    const figures = store();
    figures.add({ [keyOf({ metric: "jobs_dropped_total", labels: {} })]: value, "no_such_total{}": 1 }, {}, 1);
    expect(figures.running()).toEqual({});
  });

  it("keeps of a gauge the last value, and the highest of a span", () => {
    const figures = store();
    const depth = keyOf({ metric: "queue_depth", labels: { member: "pool-0" } });
    figures.add({}, { [depth]: { last: 3, max: 9 } }, 100);
    figures.add({}, { [depth]: { last: 4, max: 5 } }, 100);
    figures.add({}, { [depth]: { last: 0, max: 1 } }, 103);
    expect(figures.gauges()).toEqual({ [depth]: 0 });
    expect(figures.highest(100)).toEqual({ [depth]: 9 });
    expect(figures.highest(101)).toEqual({ [depth]: 1 });
  });

  it("counts the 501st set of labels as other, in the life of one object and of the next", () => {
    const db = new DatabaseSync(":memory:");
    const figures = new FigureStore(sqlOf(db));
    const key = (at: number) => keyOf({ metric: "model_unpriced_total", labels: { model: `m${at}` } });
    for (let at = 0; at < 500; at++) figures.add({ [key(at)]: 1 }, {}, 1);
    figures.add({ [key(500)]: 1, [key(501)]: 1, [key(7)]: 1 }, {}, 1);
    const again = new FigureStore(sqlOf(db));
    again.add({ [key(502)]: 1, [pages({ store: "a", source: "kv", visitor: "new" })]: 1 }, {}, 1);
    const running = again.running();
    expect(Object.keys(running)).toHaveLength(502);
    expect(running['model_unpriced_total{"model":"other"}']).toBe(3);
    expect(running[key(7)]).toBe(2);
  });

  it("keeps the buckets of what has too many labels", () => {
    const figures = store();
    for (let at = 0; at <= 500; at++) {
      figures.add(Object.fromEntries(observation("generation_seconds", { source: `s${at}` }, 0.2)), {}, 1);
    }
    const histogram = histogramOf(figures.running(), "generation_seconds", { source: "other" });
    expect(histogram.counts[histogram.bounds.indexOf(0.25)]).toBe(1);
  });
});

describe("a quantile", () => {
  const of = (values: number[]) => {
    const figures = store();
    for (const value of values)
      figures.add(Object.fromEntries(observation("generation_seconds", { source: "model" }, value)), {}, 1);
    return histogramOf(figures.running(), "generation_seconds");
  };
  const bounds: readonly number[] = METRICS.generation_seconds.buckets;
  const widthAt = (value: number) => {
    const at = bounds.findIndex((bound) => value <= bound);
    return bounds[at]! - (at === 0 ? 0 : bounds[at - 1]!);
  };

  it.each([0.5, 0.95])("%f is known to within its bucket's width", (q) => {
    // The same values every time, spread as times are: many short, few long.
    const values = Array.from({ length: 1_000 }, (_, at) => 0.05 * 1.006 ** at).map((value) => Math.min(value, 80));
    const exact = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]!;
    expect(Math.abs(quantile(of(values), q) - exact)).toBeLessThanOrEqual(widthAt(exact));
  });

  it("of values above the last bound is that bound, and of none no number", () => {
    expect(quantile(of([1_000, 2_000]), 0.5)).toBe(90);
    expect(quantile(of([]), 0.95)).toBeNaN();
  });

  it("of values on a bound is in the bucket below it", () => {
    expect(quantile(of([15, 15, 15]), 0.95)).toBeLessThanOrEqual(15);
    expect(quantile(of([15.001, 15.001, 15.001]), 0.95)).toBeGreaterThan(15);
  });
});

describe("the text for Prometheus", () => {
  it("keeps the grammar whatever a label says, and every metric has HELP and TYPE", () => {
    const figures = store();
    const odd = 'a"b\\c\nd{}, =';
    figures.add({ [pages({ store: odd, source: "kv", visitor: "known" })]: 1.5 }, {}, 1);
    figures.add(
      Object.fromEntries([0.2, 3, 500].flatMap((s) => observation("generation_seconds", { source: odd }, s))),
      {},
      1,
    );
    figures.add({}, { [keyOf({ metric: "queue_depth", labels: { member: odd } })]: { last: 1e-9, max: 1 } }, 1);
    const text = exposition(figures.running(), figures.gauges(), [
      { name: "more", help: "a\\b\nc", values: [[{}, 1e30]] },
    ]);
    const scrape = parseExposition(text);
    expect([...scrape.types.keys()]).toEqual([...Object.keys(METRICS), "more"].map((name) => `wandstore_${name}`));
    expect(valueIn(scrape, "wandstore_pages_total", { store: odd })).toBe(1.5);
    expect(valueIn(scrape, "wandstore_generation_seconds_count")).toBe(3);
    expect(valueIn(scrape, "wandstore_generation_seconds_bucket", { le: "3" })).toBe(2);
    expect(valueIn(scrape, "wandstore_queue_depth")).toBe(1e-9);
    expect(valueIn(scrape, "wandstore_jobs_dropped_total")).toBe(0);
    expect(valueIn(scrape, "wandstore_more")).toBe(1e30);
  });

  it.each([
    ["a sample without TYPE", "before its TYPE", "a 1\n"],
    ["no line feed at the end", "does not end", "# TYPE a counter\na 1"],
    ["a label without quotes", "bad labels", "# TYPE a counter\na{b=c} 1\n"],
    ["a sample twice", "there twice", '# TYPE a counter\na{b="c"} 1\na{b="c"} 2\n'],
    ["a metric in two places", "are apart", "# TYPE a counter\n# TYPE b counter\nb 1\na 1\n# HELP b x\n"],
    ["a histogram without +Inf", "bounds of a", '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
    [
      "a histogram that falls",
      "buckets of a",
      '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    ],
  ])("is judged by a reader that sees %s (%s)", (_, message, text) => {
    expect(() => parseExposition(text)).toThrow(message);
  });
});
