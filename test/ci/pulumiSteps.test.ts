import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Report } from "../../bin/ci/report/report";
import { prebuilt } from "../e2e/support/prebuilt";
import { HAS_PULUMI } from "../e2e/support/pulumi";
import { type Account, openAccount, withoutModels } from "../e2e/support/account";
import { itIf } from "../support/skip";
import { ciIn, type Ran } from "./run";

/** The same steps with the real CLI, the embedded cloud standing in for the account: from a pull request to prod. */
const itWithCli = itIf(HAS_PULUMI, "needs the Pulumi CLI on the PATH");
const LIMIT_MS = 400_000;
const PLANTED = "sk-planted-9f3b1c7e55";

let account: Account | undefined;
let project: Account["project"];
let cloud: Account["cloud"];
let pulumi: Account["pulumi"];
const file = (name: string): string => path.join(project.dir, name);
const report = (stack: string): Report => JSON.parse(readFileSync(file(`reports/${stack}.json`), "utf8")) as Report;

function step(name: string, ...args: string[]): Promise<Ran> {
  writeFileSync(file("output.txt"), "");
  return ciIn(project.dir, [name, ...args], {
    PULUMI_HOME: process.env["PULUMI_HOME"] ?? file("pulumi-home"),
    PULUMI_BACKEND_URL: `file://${pulumi.stateDir}`,
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    CLOUDFLARE_BASE_URL: cloud.apiUrl,
    CLOUDFLARE_API_TOKEN: cloud.apiToken,
    CLOUDFLARE_ACCOUNT_ID: cloud.accountId,
    GITHUB_OUTPUT: file("output.txt"),
  });
}
const outputs = (): Record<string, string> =>
  Object.fromEntries(
    readFileSync(file("output.txt"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("=")),
  );

beforeAll(async () => {
  if (!HAS_PULUMI) return;
  account = await openAccount();
  ({ project, cloud, pulumi } = account);
  const { ref, buildId } = await prebuilt(project.dir, cloud);
  for (const stack of ["staging", "prod"]) {
    withoutModels(project, stack);
    await pulumi.must("stack", "init", stack);
  }
  await pulumi.must("config", "set", "--stack", "staging", "--secret", "wandstore:claudeApiKey", PLANTED);
  await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:image.ref", ref);
  await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:image.buildId", buildId);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: project.dir });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "the base");
}, LIMIT_MS);

afterAll(async () => {
  await account?.remove();
});

itWithCli(
  "staging is deployed past the policy pack, and prod gets its image by the digest",
  async () => {
    const deployed = await step("deploy", "--stack", "staging");
    expect([deployed.code, deployed.stdout]).toEqual([0, expect.stringMatching(/^staging: release .*, healthy\n$/)]);
    const { release, digest } = outputs();
    const before = readFileSync(file("Pulumi.prod.yaml"), "utf8");
    const promoted = await step("promote", "--from", "staging", "--to", "prod", "--release", release!);
    expect([promoted.code, promoted.stdout]).toEqual([0, expect.stringMatching(/^prod: release .*, healthy\n$/)]);
    expect(outputs()["digest"]).toBe(digest);
    // What was reviewed is what is in the checkout.
    expect(readFileSync(file("Pulumi.prod.yaml"), "utf8")).toMatch(before.trim().split("\n").at(-1)!);
    expect(readFileSync(file("Pulumi.prod.yaml"), "utf8")).not.toContain(digest);
  },
  LIMIT_MS,
);

itWithCli(
  "a preview of prod right after it has no change, though the file names no image",
  async () => {
    const { code, stdout } = await step("preview", "--stack", "prod", "--base", "HEAD", "--out", file("reports"));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^prod: no change/)]);
    expect(report("prod")).toMatchObject({ source: "pulumi", changes: [], errors: [] });
  },
  LIMIT_MS,
);

itWithCli(
  "a preview tells changes with their values, no secret, and what the policy pack refuses",
  async () => {
    project.edit("Pulumi.staging.yaml", (text) => text.replace("size: 2", "size: 1"));
    await pulumi.must("config", "set", "--stack", "staging", "--path", "wandstore:worker.name", "another-name");
    await pulumi.must("config", "set", "--stack", "staging", "--secret", "wandstore:claudeApiKey", `${PLANTED}-2`);
    const { code, stderr } = await step("preview", "--stack", "staging", "--base", "HEAD", "--out", file("reports"));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/names-of-stack at storefront-worker/)]);
    const { changes, findings } = report("staging");
    const pool = changes.find(({ name }) => name === "pool-application");
    expect(pool?.changed).toContainEqual({ path: "maxInstances", replaces: false, before: "2", after: "1" });
    expect(findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule)).toEqual(["names-of-stack"]);
    const { stdout } = await ciIn(project.dir, ["comment", "--print", "--reports", file("reports")]);
    expect(stdout).toMatch(/\*\*downtime\*\* `storefront-worker`/);
    for (const text of [stdout, JSON.stringify(report("staging"))]) {
      for (const secret of [PLANTED, cloud.apiToken]) expect(text).not.toContain(secret);
    }
  },
  LIMIT_MS,
);

itWithCli(
  "a stack that the backend does not know fails with the reason in the report",
  async () => {
    await pulumi.must("stack", "rm", "--yes", "--force", "--stack", "staging", "--preserve-config");
    const { code } = await step("preview", "--stack", "staging", "--base", "HEAD", "--out", file("reports"));
    expect([code, report("staging").errors]).toEqual([1, [expect.stringMatching(/pulumi preview ended with \d+/)]]);
  },
  LIMIT_MS,
);
