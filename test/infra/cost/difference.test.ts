import type { CostEstimate } from "../../../infra/cost";
import { costDifference, growthOf } from "../../../infra/cost/difference";

const estimate = (models: number): CostEstimate => ({
  monthlyUsd: 5 + models,
  parts: { workers: 5, kv: 0, d1: 0, r2: 0, durableObjects: 0, containers: 0, models },
  assuming: { viewsPerDay: 10_000, pagesPerDay: 1_000, pricesAsOf: "2026-11-21" },
});

test("two estimates stand side by side, part by part", () => {
  const difference = costDifference(estimate(10), estimate(40));
  expect([difference.before, difference.after]).toEqual([15, 45]);
  expect(difference.parts.find(({ part }) => part === "models")).toEqual({ part: "models", before: 10, after: 40 });
  expect(growthOf(difference)).toBe(2);
});

test("a new stack has nothing to be compared with, and did not grow", () => {
  const difference = costDifference(undefined, estimate(1));
  expect(difference.parts.map(({ before }) => before)).toEqual(Array.from({ length: 7 }));
  expect(growthOf(difference)).toBeUndefined();
  expect(growthOf({ before: 0, after: 9 })).toBeUndefined();
});
