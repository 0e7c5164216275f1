import { rules } from "../../policies/rules";

test("rules have names of their own, a description and a level", () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { name, description, enforcementLevel } of rules) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(description.length).toBeGreaterThan(20);
    expect(["mandatory", "advisory"]).toContain(enforcementLevel);
  }
});
