import { rulesAt } from "../../policies/rules";
import { findingsIn, type Plan, plansOf } from "./support/plan";
import { mutated, MUTATIONS } from "./support/mutations";

jest.setTimeout(120_000); // each stack is bundled, on a machine that may be busy

const rules = rulesAt(() => Date.parse("2026-11-21T12:00:00Z"));
/** What one merchant's own stack says. */
const SHOP = `config:
  wandstore:environment: shop
  wandstore:worker: { domain: wands.example.com, subdomain: false }
  wandstore:stores: [magic-wands]
  wandstore:budget: { monthlyUsd: 200, perStoreDailyUsd: 5 }
  wandstore:llm: { providers: [{ kind: kimi, model: kimi-k2.6 }] }
  wandstore:kimiApiKey: { secure: "v1:only-the-passphrase-opens-it" }
`;
const STACKS = { dev: undefined, staging: undefined, prod: undefined, "shop-acme": SHOP };

let plans: Record<string, Plan>;
beforeAll(async () => void (plans = await plansOf(STACKS)));

test.each(Object.keys(STACKS))("the stack %s violates no rule", (stack) => {
  const plan = plans[stack]!;
  expect(plan.inputs.length).toBeGreaterThan(20);
  expect(plan.outputs.map(({ urn }) => urn)).toEqual(plan.inputs.map(({ urn }) => urn));
  expect(findingsIn(rules, plan)).toEqual([]);
});

test.each(MUTATIONS)("in prod $what is caught by $rule, and by no other", ({ rule, change }) => {
  const found = findingsIn(rules, mutated(plans["prod"]!, { change }));
  expect([...new Set(found.map(([name]) => name))]).toEqual([rule]);
});

test("each rule has a mistake that it catches", () => {
  expect(new Set(MUTATIONS.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ name }) => name)));
});
