import { writeFileSync } from "node:fs";
import path from "node:path";
import { ON_ANY_DAY, Project } from "../e2e/support/project";
import { rules } from "../../policies/rules";
import { plansOf } from "./support/plan";
import { type PolicyServer, startPolicyServer } from "./support/server";

jest.setTimeout(240_000); // three processes that bundle or compile, on a machine that may be busy

/** Thresholds that the stack prod does not keep: of rules of resources and of stacks, of numbers and of words. */
const STRICT = {
  "container-max-instances": { most: 5 },
  "container-instance-type": { allowed: ["basic"] },
  "cache-ttl-bounds": { leastSeconds: 7200 },
  "cost-within-budget": { mostPercent: 0 },
  "account-limits": { stacks: 251 },
};
interface Finding {
  rule: string;
  resource: string;
  level: string;
  found: string;
  why: string;
  fix: string;
}
type Verdict = readonly [rule: string, resource: string, level: string, message: string];

const sorted = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("the policy pack finds the same in the stack prod", () => {
  const project = new Project();
  let server: PolicyServer;
  let checked: Verdict[];
  beforeAll(async () => {
    server = await startPolicyServer();
    writeFileSync(path.join(project.dir, "strict.json"), JSON.stringify(STRICT));
    const args = ["policy", "check", "-s", "prod", "--json", "--config", path.join(project.dir, "strict.json")];
    const { code, stdout } = await project.runPlain(...args);
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    checked = findings.map(({ rule, resource, level, found, why, fix }) => [
      rule,
      resource,
      level,
      `${found} ${why} ${fix}`,
    ]);
    expect(new Set(checked.map(([rule]) => rule))).toEqual(new Set(Object.keys(STRICT)));
  });
  afterAll(async () => {
    await server?.stop();
    await project.remove();
  });

  test("by the rules and thresholds that the server tells the Pulumi CLI of", async () => {
    const { name, rules: served, defaults } = await server.info();
    expect([name, served]).toEqual(["wandstore", rules.map((rule) => rule.name)]);
    expect(defaults["container-max-instances"]).toEqual({ most: 50 });
    expect(defaults["debug-off-in-prod"]).toEqual({ environments: ["prod"] });
  });

  test("on the server that the Pulumi CLI asks, with the config that the CLI hands over", async () => {
    const { prod } = await plansOf({ prod: undefined });
    const found = await server.judge(prod!, STRICT);
    const verdicts = found.map(({ rule, resource, level, message }): Verdict => {
      const [description, ...rest] = message.split("\n"); // the server puts it before each message
      expect(description).toBe(rules.find(({ name }) => name === rule)?.what);
      return [rule, resource, level, rest.join("\n")];
    });
    expect(sorted(verdicts)).toEqual(sorted(checked));
    expect(await server.judge(prod!, {})).toEqual([]);
  });

  test("in the embedded deployment, which refuses it for what is mandatory", async () => {
    writeFileSync(path.join(project.dir, "policies/config.json"), JSON.stringify({ ...ON_ANY_DAY, ...STRICT }));
    const { code, stderr } = await project.run("preview", "--stack", "prod");
    expect(code).toBe(1);
    const told = [...stderr.matchAll(/^- ([a-z0-9-]+): (.*) \((urn:\S+)\)$/gm)];
    const verdicts = told.map(([, rule, message, resource]): Verdict => [rule!, resource!, "mandatory", message!]);
    expect(sorted(verdicts)).toEqual(sorted(checked.filter(([, , level]) => level === "mandatory")));
  });
});
