import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { findingLines, verdictLine } from "../../bin/display/policy";
import { findingsFrom } from "../../bin/policy/findings";
import { placeOfSetting } from "../../bin/policy/place";
import { sarifOf } from "../../bin/policy/sarif";
import { disabledIn, settingsInWords } from "../../bin/policy/settings";
import { messageOf } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { ON_ANY_DAY } from "../e2e/support/project";

jest.setTimeout(120_000);

const WANDSTORE = path.resolve(__dirname, "../../bin/wandstore.js");
const STACK = `# of a test
config:
  wandstore:environment: prod
  wandstore:pool:
    # how many
    size: 500
    sleepAfter: 5m
  wandstore:debug: { enabled: true }
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "wand-policy-"));
  writeFileSync(path.join(folder, "Pulumi.prod.yaml"), STACK);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const URN =
  "urn:pulumi:prod::wandstore::wandstore:infra:GeneratorPool$wandstore:index:ContainerApplication::pool-application";
const finding = (name: string, found: string, resource = URN) => {
  const rule = rules.find((each) => each.name === name)!;
  return { rule: name, level: rule.level, resource, message: messageOf(rule, found) };
};
const findings = () =>
  findingsFrom(
    [
      finding("container-instance-type", "It is large."),
      finding("container-max-instances", "It may run 500 instances."),
      finding("names-of-stack", "It is called otherwise."),
    ],
    rules,
    { projectDir: folder, stack: "prod" },
  );

describe("the place of a setting", () => {
  test.each([
    ["pool.size", "Pulumi.prod.yaml", 6],
    ["pool.sleepAfter", "Pulumi.prod.yaml", 7],
    ["debug.enabled", "Pulumi.prod.yaml", 8],
    ["pool.instanceType", "Pulumi.prod.yaml", 4], // its group, where it is to be added
    ["budget.monthlyUsd", "Pulumi.prod.yaml", 2],
    [undefined, "infra/index.ts", 1],
  ])("%s is %s:%d", (setting, file, line) => {
    expect(placeOfSetting(folder, "prod", setting)).toEqual({ file, line });
  });
});

test("findings say what was found, why and how to fix it, the mandatory ones first", () => {
  expect(findings().map(({ rule, level, name, type, place }) => [rule, level, name, type, place.line])).toEqual([
    ["container-max-instances", "mandatory", "pool-application", "wandstore:index:ContainerApplication", 6],
    ["names-of-stack", "mandatory", "pool-application", "wandstore:index:ContainerApplication", 2],
    ["container-instance-type", "advisory", "pool-application", "wandstore:index:ContainerApplication", 4],
  ]);
  expect(findings()[0]).toMatchObject({
    found: "It may run 500 instances.",
    fix: "Set pool.size within these bounds.",
  });
});

test("the table has a column for each part, and is no wider than the terminal", () => {
  const lines = findingLines(findings(), 110);
  expect(lines.slice(0, 5)).toEqual([
    "level      rule                     resource          what was found",
    "mandatory  container-max-instances  pool-application  It may run 500 instances.",
    "                                                      Why: With none no page is made; a runaway pool is a",
    "                                                           runaway bill.",
    "                                                      Fix: Set pool.size within these bounds.",
  ]);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
  expect(findingLines([], 110)).toEqual([]);
  expect(verdictLine(findings(), 20)).toBe("20 rules: 2 violations, 1 piece of advice");
  expect(verdictLine([], 20)).toBe("20 rules: no violations, no pieces of advice");
  expect(verdictLine([], 20, ["budget-set", "debug-off-in-prod"])).toBe(
    "18 of 20 rules (disabled: budget-set, debug-off-in-prod): no violations, no pieces of advice",
  );
});

test("a terminal without room for a table gets them one below the other, no line wider than it", () => {
  const lines = findingLines(findings(), 40);
  expect(lines.slice(0, 5)).toEqual([
    "mandatory container-max-instances",
    "  pool-application",
    "  It may run 500 instances.",
    "  Why: With none no page is made; a",
    "       runaway pool is a runaway bill.",
  ]);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
});

/** What GitHub's code scanning asks of a SARIF file, and nothing that it does not know. */
const Text = z.strictObject({ text: z.string().min(1) });
const Sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
          rules: z.array(
            z.strictObject({
              id: z.string().max(255),
              name: z.string().max(255),
              shortDescription: z.strictObject({ text: z.string().max(1024) }),
              fullDescription: z.strictObject({ text: z.string().max(1024) }),
              help: z.strictObject({ text: z.string().min(1), markdown: z.string().min(1) }),
              defaultConfiguration: z.strictObject({ level: z.enum(["error", "warning", "note", "none"]) }),
              properties: z.strictObject({
                tags: z.array(z.string()).max(20),
                "problem.severity": z.enum(["error", "warning", "recommendation"]),
                precision: z.enum(["very-high", "high", "medium", "low"]),
              }),
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({ id: z.string().regex(/^[^/]+(\/[^/]+)*\/$/) }),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(["error", "warning"]),
          message: Text,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string().regex(/^[^/][^\\]*$/), uriBaseId: z.string() }),
                region: z.strictObject({ startLine: z.int().min(1) }),
              }),
              logicalLocations: z.tuple([z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() })]),
            }),
          ]),
          partialFingerprints: z.strictObject({ primaryLocationLineHash: z.string().regex(/^[0-9a-f]+:\d+$/) }),
        }),
      ),
    }),
  ]),
});

describe("SARIF", () => {
  test("has every rule with its help, and each finding at its line with a fingerprint of its own", () => {
    const [run] = Sarif.parse(sarifOf(findings(), rules, "prod")).runs;
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ name }) => name));
    expect(run.results.map(({ ruleId, ruleIndex }) => rules[ruleIndex]?.name === ruleId)).toEqual([true, true, true]);
    const [first] = run.results;
    expect(first?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "Pulumi.prod.yaml", uriBaseId: "%SRCROOT%" },
      region: { startLine: 6 },
    });
    expect(new Set(run.results.map((result) => result.partialFingerprints.primaryLocationLineHash)).size).toBe(3);
  });

  test("keeps the fingerprint of a finding while its line moves", () => {
    const hashes = () =>
      Sarif.parse(sarifOf(findings(), rules, "prod")).runs[0].results.map((result) => result.partialFingerprints);
    const before = hashes();
    writeFileSync(path.join(folder, "Pulumi.prod.yaml"), `# one more line\n${STACK}`);
    try {
      expect(findings()[0]?.place.line).toBe(7);
      expect(hashes()).toEqual(before);
    } finally {
      writeFileSync(path.join(folder, "Pulumi.prod.yaml"), STACK);
    }
  });
});

test("what is set of the rules is told in words, and what is disabled by name", () => {
  const config = {
    all: { level: "advisory", properties: {} },
    "budget-set": { level: "disabled", properties: {} },
    "cache-ttl-bounds": { properties: { mostSeconds: 100 } },
    "bindings-of-stack": { properties: { shared: ["a", "b"] } },
  } as const;
  expect(disabledIn(config, rules)).toEqual(["budget-set"]);
  expect(disabledIn({ ...config, all: { level: "disabled", properties: {} } }, rules)).toHaveLength(rules.length);
  expect(settingsInWords(config)).toEqual([
    "every rule without a level of its own is advisory",
    "budget-set is disabled",
    "cache-ttl-bounds has mostSeconds 100",
    "bindings-of-stack has shared a, b",
  ]);
});

describe("wandstore policy check", () => {
  /** With nothing of an account around. */
  const check = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env["PATH"], HOME: folder };
      execFile(
        process.execPath,
        [WANDSTORE, "policy", "check", ...args],
        { env, timeout: 100_000 },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), stdout: out, stderr: err }),
      );
    });

  const configured = (config: object): string => {
    const file = path.join(folder, "config.json");
    writeFileSync(file, JSON.stringify({ ...ON_ANY_DAY, ...config }));
    return file;
  };

  test("takes prod as it is, with no cloud, no token and no account", async () => {
    const { code, stdout } = await check("-s", "prod", "--config", configured({}));
    expect([code, stdout]).toEqual([0, `Stack prod by ${rules.length} rules: no violations, no pieces of advice.\n`]);
  });

  test("ends with 1 on a violation, and prints SARIF alone", async () => {
    const config = configured({ "container-max-instances": { most: 5 }, "budget-set": "disabled" });
    const { code, stdout } = await check("-s", "prod", "--sarif", "--config", config);
    expect(code).toBe(1);
    const { results } = Sarif.parse(JSON.parse(stdout)).runs[0];
    expect(results.map(({ ruleId, message }) => [ruleId, message.text])).toEqual([
      [
        "container-max-instances",
        "pool-application: The container application may run 10 instances; allowed are 1 to 5. Set pool.size within these bounds.",
      ],
    ]);
  });

  test.each([
    [["-s", "nowhere"], /Pulumi\.nowhere\.yaml/],
    [["--json", "--sarif"], /contradict/],
    [["--config", "/nowhere/config.json"], /there is no such file/],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await check(...args);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(message);
  });
});
