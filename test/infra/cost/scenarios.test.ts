import { figures } from "../../../bin/display/cost";
import { scenarioLines, whyLines } from "../../../bin/display/costScenarios";
import { scenarioCosts, scenarioModel, SCENARIOS, VARIANTS, type Variant } from "../../../infra/cost/scenarios";
import { completeTraffic, trafficOf } from "../../../infra/cost/traffic";
import { KIMI, settingsWith } from "./settings";

const settings = settingsWith({ llm: { providers: KIMI } });
const results = scenarioCosts(settings);
const of = (scenario: number, { format, scope }: Variant) =>
  results[scenario]!.costs.find((cost) => cost.format === format && cost.scope === scope)!;

test("the first estimates' own figures add up to what they say they come to", () => {
  for (const { seed } of SCENARIOS) expect(seed.containers + seed.workers + seed.egress).toBe(seed.total);
});

test("each scenario is run in every way, with the traffic that it says", () => {
  expect(results.map(({ traffic }) => traffic)).toEqual([
    { viewsPerDay: 100_000, pagesPerDay: 30_000 },
    { viewsPerDay: 100_000, pagesPerDay: 10_000 },
    { viewsPerDay: 10_000, pagesPerDay: 3_000 },
  ]);
  for (const { costs } of results) expect(costs.map(({ format, scope }) => ({ format, scope }))).toEqual(VARIANTS);
});

test("a daily refresh costs for models what the design says", () => {
  const models = (variant: Variant): number => of(1, variant).modelsUsd;
  expect(models({ format: "layout", scope: "shopper" })).toBeCloseTo(816, 0);
  expect(models({ format: "layout", scope: "cohort" })).toBeCloseTo(25, 0);
  expect(models({ format: "html", scope: "shopper" }) / 3_716).toBeCloseTo(1, 1);
  expect(models({ format: "template", scope: "shopper" })).toBe(0);
});

test("without models every scenario is below its first estimate, with documents far above", () => {
  results.forEach(({ seed }, scenario) => {
    expect(of(scenario, { format: "template", scope: "shopper" }).monthlyUsd).toBeLessThan(seed.total / 2);
    expect(of(scenario, { format: "html", scope: "shopper" }).monthlyUsd).toBeGreaterThan(seed.total * 4);
  });
});

test("a shopper who comes by in every hour of the day has eight times the pages of one who does in three", () => {
  const [all] = scenarioCosts(settings, 24);
  expect(all!.traffic).toEqual({ viewsPerDay: 240_000, pagesPerDay: 240_000 });
  expect(all!.costs[2]!.modelsUsd / of(0, { format: "layout", scope: "shopper" }).modelsUsd).toBeCloseTo(8, 5);
});

test("a stack without a model is compared with the model of the first estimates", () => {
  expect([scenarioModel(settingsWith()), scenarioModel(settings)]).toEqual(["kimi-k2.6", "kimi-k2.6"]);
  expect(scenarioCosts(settingsWith())).toEqual(results);
});

test("the table has a column for each scenario, and its figures below one another", () => {
  const lines = scenarioLines(results);
  expect(lines[0]).toMatch(/^new shoppers a day, refresh +10K hourly +10K daily +1K hourly$/);
  expect(lines.map(({ length }) => length)).toEqual(lines.map(() => lines[0]!.length));
  expect(lines.find((line) => line.startsWith("USD: first estimate"))).toMatch(/ 2,050 +780 +240$/);
  expect(lines.filter((line) => line.startsWith("USD: "))).toHaveLength(1 + VARIANTS.length);
  expect(whyLines(results, "kimi-k2.6").join("\n")).toMatch(/kimi-k2\.6[\s\S]*at most \$\d+ here, up to \$1,800 there/);
  expect(
    figures([
      ["", "a"],
      ["name", "1.00"],
    ]),
  ).toEqual(["         a", "name  1.00"]);
});

test("traffic is said in shoppers, or in pages, of which one figure gives the other", () => {
  expect(trafficOf({ newShoppersPerDay: 5, refresh: "daily", hours: 24 })).toEqual({ viewsPerDay: 50, pagesPerDay: 5 });
  expect(trafficOf({ newShoppersPerDay: 5, refresh: "hourly" })).toEqual({ viewsPerDay: 50, pagesPerDay: 15 });
  expect(completeTraffic({ viewsPerDay: 15 })).toEqual({ viewsPerDay: 15, pagesPerDay: 2 });
  expect(completeTraffic({ pagesPerDay: 15 })).toEqual({ viewsPerDay: 150, pagesPerDay: 15 });
  expect(completeTraffic({ viewsPerDay: 0, pagesPerDay: 3 })).toEqual({ viewsPerDay: 0, pagesPerDay: 3 });
  expect(completeTraffic({})).toEqual({ viewsPerDay: 10_000, pagesPerDay: 1_000 });
});
