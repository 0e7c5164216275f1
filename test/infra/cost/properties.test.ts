import * as fc from "fast-check";
import { estimateCost, estimateFleet, PARTS, type Cost, type CostSettings, type Traffic } from "../../../infra/cost";
import { inCents } from "../../../infra/cost/allot";
import { billOf } from "../../../infra/cost/bill";
import { INSTANCE_SIZES } from "../../../infra/cost/prices";
import { MOST_PER_DAY, trafficOf } from "../../../infra/cost/traffic";
import { usageOf } from "../../../infra/cost/usage";
import { settingsWith } from "./settings";

const SIZES = Object.keys(INSTANCE_SIZES) as (keyof typeof INSTANCE_SIZES)[];
const MODELS = ["kimi-k2.6", "claude-haiku-5-5", "claude-sonnet-5-5", "unknown"];

/** From none to the most that is taken, small figures as often as large ones. */
const perDay = fc.oneof(fc.nat(100), fc.nat(100_000), fc.nat(MOST_PER_DAY));
const traffic: fc.Arbitrary<Traffic> = fc.record({ viewsPerDay: perDay, pagesPerDay: perDay });
/** Every setting that decides, in its whole range. */
const given = fc.record({
  pool: fc.record({
    size: fc.integer({ min: 1, max: 50 }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    sleepAfter: fc.constantFrom("30s", "5m", "10m"),
    instanceType: fc.constantFrom(...SIZES),
  }),
  cache: fc.record({ ttlSeconds: fc.integer({ min: 60, max: 86_400 }) }),
  scope: fc.constantFrom("shopper" as const, "cohort" as const),
  format: fc.constantFrom("layout" as const, "html" as const),
  model: fc.option(fc.constantFrom(...MODELS), { nil: undefined }),
  sampling: fc.double({ min: 0, max: 1, noNaN: true }),
  stores: fc.integer({ min: 1, max: 5 }),
  account: fc.constantFrom("0".repeat(32), "1".repeat(32)),
});
type Given = typeof given extends fc.Arbitrary<infer Value> ? Value : never;

/** One reading of the config for all runs; what decides is put into it. */
const base = settingsWith();
function settingsOf({ pool, cache, scope, format, model, sampling, stores, account }: Given): CostSettings {
  return {
    accountId: account,
    pool: { ...base.pool, ...pool },
    cache: { ...base.cache, ...cache },
    personalisation: { ...base.personalisation, scope },
    llm: { ...base.llm, format, providers: model === undefined ? [] : [{ kind: "openai", model }] },
    observability: { ...base.observability, sampling },
    stores: Array.from({ length: stores }, (_, index) => `store-${index}`),
  };
}
const settings = given.map(settingsOf);
const cents = (usd: number): number => Math.round(usd * 100);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** One expectation for all parts: thousands of them would take seconds. */
function expectNeverLess(more: Cost, less: Cost): void {
  const cheaper = PARTS.filter((part) => more.parts[part] < less.parts[part]);
  expect([cheaper, cents(more.monthlyUsd) >= cents(less.monthlyUsd)]).toEqual([[], true]);
}

test("no cost is below nothing or no number, and every one is whole cents", () => {
  fc.assert(
    fc.property(settings, traffic, (stack, day) => {
      const { monthlyUsd, parts } = estimateCost(stack, day);
      const isCost = (usd: number): boolean =>
        Number.isFinite(usd) && usd >= 0 && Math.abs(usd * 100 - cents(usd)) < usd * 1e-9 + 1e-6;
      expect([monthlyUsd, ...Object.values(parts)].filter((usd) => !isCost(usd))).toEqual([]);
      expect(monthlyUsd).toBeGreaterThanOrEqual(5);
    }),
  );
});

test("the parts add up to the total, to the cent", () => {
  fc.assert(
    fc.property(settings, traffic, (stack, day) => {
      const { monthlyUsd, parts } = estimateCost(stack, day);
      expect(sum(PARTS.map((part) => cents(parts[part])))).toBe(cents(monthlyUsd));
    }),
  );
});

test.each(["viewsPerDay", "pagesPerDay"] as const)("more %s never make any part cheaper", (figure) => {
  fc.assert(
    fc.property(settings, traffic, perDay, (stack, day, more) => {
      expectNeverLess(estimateCost(stack, { ...day, [figure]: day[figure] + more }), estimateCost(stack, day));
    }),
  );
});

test("more new shoppers, and more hours in which they come by, never make any part cheaper", () => {
  const shoppers = fc.record({
    newShoppersPerDay: fc.nat(1_000_000),
    refresh: fc.constantFrom("hourly" as const, "daily" as const),
    hours: fc.integer({ min: 1, max: 24 }),
  });
  fc.assert(
    fc.property(settings, shoppers, fc.nat(10_000), fc.nat(23), (stack, some, people, hours) => {
      const cost = estimateCost(stack, trafficOf(some));
      const busier = { ...some, newShoppersPerDay: some.newShoppersPerDay + people };
      expectNeverLess(estimateCost(stack, trafficOf(busier)), cost);
      expectNeverLess(estimateCost(stack, trafficOf({ ...some, hours: Math.min(24, some.hours + hours) })), cost);
      expectNeverLess(
        estimateCost(stack, trafficOf({ ...some, refresh: "hourly" })),
        estimateCost(stack, trafficOf({ ...some, refresh: "daily" })),
      );
    }),
  );
});

test("a larger pool, larger containers and longer sleeps are never cheaper", () => {
  fc.assert(
    fc.property(given, traffic, fc.nat(50), fc.nat(5), (one, day, members, larger) => {
      const cost = estimateCost(settingsOf(one), day);
      const instanceType = SIZES[Math.min(SIZES.length - 1, SIZES.indexOf(one.pool.instanceType) + larger)]!;
      const changes = [{ size: one.pool.size + members }, { instanceType }, { sleepAfter: "10m" as const }];
      for (const pool of changes) {
        expectNeverLess(estimateCost(settingsOf({ ...one, pool: { ...one.pool, ...pool } }), day), cost);
      }
    }),
  );
});

test("cohorts are never dearer than a page for each shopper, layouts never dearer than documents, the template than a model", () => {
  fc.assert(
    fc.property(given, traffic, (one, day) => {
      const cost = (more: Partial<Given>) => estimateCost(settingsOf({ ...one, ...more }), day);
      expectNeverLess(cost({ scope: "shopper" }), cost({ scope: "cohort" }));
      expectNeverLess(cost({ format: "html" }), cost({ format: "layout" }));
      expectNeverLess(cost({}), cost({ model: undefined }));
    }),
  );
});

test("cents are given out so that they add up, none a cent from what it was", () => {
  const usd = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(usd, (amounts) => {
      const allotted = inCents(amounts, sum(amounts));
      expect(sum(allotted)).toBe(Math.round(sum(amounts) * 100));
      allotted.forEach((one, index) => {
        expect(Number.isInteger(one)).toBe(true);
        expect(Math.abs(one - amounts[index]! * 100)).toBeLessThan(1 + amounts[index]! * 1e-12);
      });
    }),
  );
});

describe("a fleet", () => {
  const fleet = fc
    .array(fc.record({ settings, traffic }), { minLength: 1, maxLength: 8 })
    .map((members) => members.map((member, index) => ({ name: `shop-${index}`, ...member })));

  test("adds up: the parts of each shop, the shops of each part, and the grand total, to the cent", () => {
    fc.assert(
      fc.property(fleet, (members) => {
        const { stacks, parts, monthlyUsd } = estimateFleet(members);
        for (const stack of stacks)
          expect(sum(PARTS.map((part) => cents(stack.parts[part])))).toBe(cents(stack.monthlyUsd));
        for (const part of PARTS) expect(sum(stacks.map((stack) => cents(stack.parts[part])))).toBe(cents(parts[part]));
        expect(sum(stacks.map((stack) => cents(stack.monthlyUsd)))).toBe(cents(monthlyUsd));
        expect(sum(PARTS.map((part) => cents(parts[part])))).toBe(cents(monthlyUsd));
        expect(stacks.map(({ name }) => name)).toEqual(members.map(({ name }) => name));
      }),
    );
  });

  test("pays each account's plan once", () => {
    fc.assert(
      fc.property(fleet, (members) => {
        const idle = members.map((member) => ({ ...member, traffic: { viewsPerDay: 0, pagesPerDay: 0 } }));
        const { monthlyUsd, accounts } = estimateFleet(idle);
        expect(cents(monthlyUsd)).toBe(500 * accounts);
        expect(accounts).toBe(new Set(members.map(({ settings: { accountId } }) => accountId)).size);
      }),
    );
  });

  test("gives what the plan includes once: shops together pay no less than one that has all their traffic", () => {
    fc.assert(
      fc.property(settings, fc.array(traffic, { minLength: 2, maxLength: 5 }), (stack, days) => {
        const usages = days.map((day) => usageOf(stack, day));
        const all = usages.reduce((a, b) => {
          return Object.fromEntries(
            Object.entries(a).map(([name, amount]) => [name, amount + b[name as keyof typeof b]]),
          ) as typeof a;
        });
        const one = billOf([all]).total;
        const { total, shares } = billOf(usages);
        for (const part of PARTS) {
          const together = sum(shares.map((share) => share[part]));
          expect(Math.abs(total[part] - one[part])).toBeLessThan(1e-6 + one[part] * 1e-9);
          expect(Math.abs(together - one[part])).toBeLessThan(1e-6 + one[part] * 1e-9);
        }
      }),
    );
  });

  test("makes no shop cheaper by its own traffic, and the whole by nobody's, but for the cent of a rounding", () => {
    fc.assert(
      fc.property(fleet, fc.nat(7), perDay, (members, at, more) => {
        const index = at % members.length;
        const busier = members.map((member, one) => {
          const { viewsPerDay, pagesPerDay } = member.traffic;
          return one === index
            ? { ...member, traffic: { viewsPerDay: viewsPerDay + more, pagesPerDay: pagesPerDay + more } }
            : member;
        });
        const [before, after] = [estimateFleet(members), estimateFleet(busier)];
        expectNeverLess(after, before);
        for (const part of PARTS) {
          expect(cents(after.stacks[index]!.parts[part]) + 1).toBeGreaterThanOrEqual(
            cents(before.stacks[index]!.parts[part]),
          );
        }
      }),
    );
  });

  test("charges the same for the same: equal shops differ by a cent at most", () => {
    fc.assert(
      fc.property(settings, traffic, fc.integer({ min: 2, max: 30 }), (stack, day, count) => {
        const members = Array.from({ length: count }, (_, index) => ({
          name: `${index}`,
          settings: stack,
          traffic: day,
        }));
        const { stacks } = estimateFleet(members);
        for (const part of PARTS) {
          const paid = stacks.map(({ parts }) => cents(parts[part]));
          expect(Math.max(...paid) - Math.min(...paid)).toBeLessThanOrEqual(1);
        }
        const totals = stacks.map(({ monthlyUsd }) => cents(monthlyUsd));
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("of one shop costs what the shop costs alone, and measured models replace those that are worked out", () => {
    fc.assert(
      fc.property(settings, traffic, (stack, day) => {
        const member = { name: "a", settings: stack, traffic: day };
        expect(estimateFleet([member]).stacks[0]).toEqual({ name: "a", ...estimateCost(stack, day) });
        expect(estimateFleet([{ ...member, modelUsdPerDay: 1.5 }]).parts.models).toBe(45);
      }),
    );
  });
});
