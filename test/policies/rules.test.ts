import { readFileSync } from "node:fs";
import path from "node:path";
import { initialConfig } from "../../policies/initialConfig";
import { toPolicy } from "../../policies/policy";
import { policiesPage } from "../../policies/reference";
import { foundIn, messageOf } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { limitsOf } from "../../policies/thresholds";

const SETTINGS = JSON.parse(
  readFileSync(path.join(__dirname, "../../infra/config/stack.schema.json"), "utf8"),
) as Schema;
interface Schema {
  properties?: Record<string, Schema>;
}

test.each(rules)("$name says what, why and how to fix it, in whole sentences", (rule) => {
  const { name, level, what, why, fix } = rule;
  expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
  expect(["mandatory", "advisory"]).toContain(level);
  for (const text of [what, why, fix]) {
    expect(text.length).toBeGreaterThan(20);
    expect(text).toMatch(/^[A-Z{].*[.]$/);
  }
  expect(toPolicy(rule)).toMatchObject({ name, description: what, enforcementLevel: level });
  const message = messageOf(rule, "It is so.");
  expect(message).toBe(`It is so. ${why} ${fix}`);
  expect(foundIn(rule, message)).toBe("It is so.");
});

test("no two rules have one name", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});

test.each(rules.filter(({ setting }) => setting !== undefined))("$name hangs on a setting that there is", (rule) => {
  const [first = "", ...rest] = rule.setting!.split(".");
  let shape = SETTINGS.properties?.["config"]?.properties?.[`wandstore:${first}`];
  for (const step of rest) shape = shape?.properties?.[step];
  expect(shape).toBeDefined();
});

test("thresholds have a type, a default and words in the pack's schema, and what is set comes over the default", () => {
  for (const rule of rules) {
    const { properties = {} } = toPolicy(rule).configSchema ?? {};
    expect(Object.keys(properties)).toEqual(Object.keys(rule.thresholds));
    for (const [key, { default: usual, what }] of Object.entries(rule.thresholds)) {
      const type = Array.isArray(usual) ? "array" : "number";
      expect(properties[key]).toMatchObject({ type, default: usual, description: what });
    }
  }
  const thresholds = { most: { what: "so many", default: 5 } };
  expect([limitsOf(thresholds, {}), limitsOf(thresholds, { most: 6 })]).toEqual([{ most: 5 }, { most: 6 }]);
});

test("the pack's own config spells out each level, which the Pulumi CLI would take for advisory", () => {
  expect(initialConfig({ "budget-set": "advisory", "account-limits": { stacks: 3 } }, rules)).toEqual({
    "budget-set": "advisory",
    "account-limits": { stacks: 3, enforcementLevel: "mandatory" },
  });
  expect(initialConfig({ "container-instance-type": { allowed: [] } }, rules)).toEqual({
    "container-instance-type": { allowed: [], enforcementLevel: "advisory" },
  });
  expect(initialConfig({ all: "advisory", "account-limits": { stacks: 3 } }, rules)).toEqual({
    all: "advisory",
    "account-limits": { stacks: 3, enforcementLevel: "advisory" },
  });
});

test("docs/reference/policies.md is what `npm run generate` writes", () => {
  const page = readFileSync(path.join(__dirname, "../../docs/reference/policies.md"), "utf8");
  expect(page).toBe(policiesPage(rules));
});
