import * as fc from "fast-check";
import { parseSettings } from "../../../infra/config";
import { estimateCost, type Traffic } from "../../../infra/cost";

const MODEL = [{ kind: "kimi", model: "kimi-k2.6" }];
const settingsWith = (more: Record<string, unknown> = {}) =>
  parseSettings({
    "wandstore:environment": "prod",
    "wandstore:accountId": "0".repeat(32),
    "wandstore:stores": '["magic-wands"]',
    "wandstore:worker": '{"domain":"shop.example.com"}',
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`wandstore:${key}`, JSON.stringify(value)])),
  });
const tenThousand: Traffic = { viewsPerDay: 100_000, pagesPerDay: 10_000 };

test.each([
  ["layouts", { llm: { providers: MODEL } }, 816],
  ["whole documents", { llm: { providers: MODEL, format: "html" } }, 3716],
  ["layouts shared by cohorts", { llm: { providers: MODEL }, personalisation: { scope: "cohort" } }, 25],
])("10,000 pages a day as %s cost about what the design says for the model alone", (_, more, usd) => {
  const { models } = estimateCost(settingsWith(more), tenThousand).parts;
  expect(Math.abs(models - usd)).toBeLessThan(1);
});

test("without a model the template costs nothing, and a small stack little more than the plan", () => {
  const { parts, monthlyUsd } = estimateCost(settingsWith(), { viewsPerDay: 100, pagesPerDay: 10 });
  expect(parts.models).toBe(0);
  expect(monthlyUsd).toBeGreaterThanOrEqual(5);
  expect(monthlyUsd).toBeLessThan(10);
});

test("a model without a known price counts as the dearest one that has one", () => {
  const price = (model: string) =>
    estimateCost(settingsWith({ llm: { providers: [{ kind: "openai", model }] } })).parts.models;
  expect(price("somebody-s-new-model")).toBe(price("claude-sonnet-5-5"));
  expect(price("claude-haiku-5-5")).toBeLessThan(price("kimi-k2.6"));
});

const traffic = fc.record({ viewsPerDay: fc.nat(5_000_000), pagesPerDay: fc.nat(500_000) });

test("the parts add up to the total, to the cent", () => {
  fc.assert(
    fc.property(traffic, (given) => {
      const { parts, monthlyUsd } = estimateCost(settingsWith({ llm: { providers: MODEL } }), given);
      const sum = Object.values(parts).reduce((total, part) => total + part, 0);
      expect(Math.abs(sum - monthlyUsd)).toBeLessThan(0.005);
    }),
  );
});

test("more traffic never costs less, nor does a larger pool", () => {
  const small = settingsWith({ llm: { providers: MODEL }, pool: { size: 3 } });
  const large = settingsWith({ llm: { providers: MODEL }, pool: { size: 30 } });
  fc.assert(
    fc.property(traffic, traffic, (a, b) => {
      const more = { viewsPerDay: a.viewsPerDay + b.viewsPerDay, pagesPerDay: a.pagesPerDay + b.pagesPerDay };
      expect(estimateCost(small, more).monthlyUsd).toBeGreaterThanOrEqual(estimateCost(small, a).monthlyUsd);
      expect(estimateCost(large, a).monthlyUsd).toBeGreaterThanOrEqual(estimateCost(small, a).monthlyUsd);
    }),
  );
});
