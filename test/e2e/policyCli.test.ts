import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Account, openAccount } from "./support/account";
import { itIf } from "../support/skip";
import { ON_ANY_DAY } from "./support/project";
import { HAS_PULUMI } from "./support/pulumi";

/** The policy pack as a platform team runs it: the real CLI, its plugins, a preview of the stack prod. */
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");
const LIMIT_MS = 400_000;
/** Thresholds that the stack prod does not keep: of rules of resources and of stacks. */
const STRICT = {
  "container-max-instances": { most: 5 },
  "container-instance-type": { allowed: ["basic"] },
  "cache-ttl-bounds": { leastSeconds: 7200 },
  "cost-within-budget": { mostPercent: 0 },
  "account-limits": { stacks: 251 },
};

let account: Account | undefined;
let project: Account["project"];
let cloud: Account["cloud"];
let pulumi: Account["pulumi"];

beforeAll(async () => {
  if (!HAS_PULUMI) return;
  account = await openAccount();
  ({ project, cloud, pulumi } = account);
  const digest = `registry.cloudflare.com/${cloud.accountId}/wandstore-generator@sha256:${"a".repeat(64)}`;
  await pulumi.must("stack", "init", "prod");
  await pulumi.must("config", "set", "--stack", "prod", "--path", "wandstore:image.ref", digest);
}, LIMIT_MS);

afterAll(async () => {
  await account?.remove();
});

type Verdict = readonly [level: string, rule: string, resource: string, message: string];
const sorted = (verdicts: readonly Verdict[]): string[] => verdicts.map((verdict) => verdict.join(" | ")).toSorted();

/** Findings as the CLI prints them: a line with level, rule and resource, the description, and the message. */
const printed = (stdout: string): Verdict[] =>
  [...stdout.matchAll(/^ +- \[(\w+)\] +([a-z0-9-]+) +\(\S+: (\S+)\)\n.*\n +(.*)$/gm)].map(
    ([, level, rule, resource, message]) => [level!, rule!, resource!, message!],
  );

itWithCli(
  "the pack finds in the CLI's preview what `wandstore policy check` finds, by the same config",
  async () => {
    const file = path.join(project.dir, "strict.json");
    writeFileSync(file, JSON.stringify(STRICT));
    const preview = ["preview", "--stack", "prod", "--policy-pack", "policies"];
    const { code, stdout } = await pulumi.run([...preview, "--policy-pack-config", file]);
    expect(code).not.toBe(0);
    const checked = await project.runPlain("policy", "check", "-s", "prod", "--json", "--config", file);
    const { findings } = JSON.parse(checked.stdout) as { findings: Record<string, string>[] };
    const found = findings.map(({ level, rule, name, found: what, why, fix }): Verdict => {
      return [level!, rule!, name!, `${what} ${why} ${fix}`];
    });
    expect(new Set(found.map(([, rule]) => rule))).toEqual(new Set(Object.keys(STRICT)));
    expect(sorted(printed(stdout))).toEqual(sorted(found));
  },
  LIMIT_MS,
);

itWithCli(
  "what policies/config.json sets holds in the CLI's preview, too",
  async () => {
    writeFileSync(
      path.join(project.dir, "policies/config.json"),
      JSON.stringify({ ...ON_ANY_DAY, "container-max-instances": { most: 9 } }),
    );
    const { code, stdout } = await pulumi.run(["preview", "--stack", "prod", "--policy-pack", "policies"]);
    expect(code).not.toBe(0);
    expect(printed(stdout)).toEqual([
      ["mandatory", "container-max-instances", "pool-application", expect.stringContaining("allowed are 1 to 9.")],
    ]);
  },
  LIMIT_MS,
);
