import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { MARKER } from "../../bin/ci/comment/compose";
import type { Report } from "../../bin/ci/report/report";
import { type Cloud, startCloud } from "../../local/cloud";
import { Project } from "../e2e/support/project";
import { GitHubStub } from "./gitHubStub";
import { ciIn, type Ran } from "./run";

/** A change on its way through the embedded cloud, by the steps that the workflows call and docs/guides/ci.md names. */
jest.setTimeout(300_000);

let project: Project;
let cloud: Cloud;
let stub: GitHubStub;
let released: Record<string, string>;
const file = (name: string): string => path.join(project.dir, name);
const git = (...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
    cwd: project.dir,
    encoding: "utf8",
  });

/** A step, with the files in which GitHub Actions listens. */
async function step(name: string, ...args: string[]): Promise<Ran & { outputs: Record<string, string> }> {
  for (const each of ["output.txt", "summary.md"]) writeFileSync(file(each), "");
  const state = name === "comment" || name === "stacks" ? [] : ["--state-dir", project.stateDir];
  const ran = await ciIn(project.dir, [name, ...args, ...state], {
    ...stub.env,
    GITHUB_OUTPUT: file("output.txt"),
    GITHUB_STEP_SUMMARY: file("summary.md"),
  });
  const lines = readFileSync(file("output.txt"), "utf8").split("\n").filter(Boolean);
  return { ...ran, outputs: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
}
const report = (stack: string): Report => JSON.parse(readFileSync(file(`reports/${stack}.json`), "utf8")) as Report;

beforeAll(async () => {
  project = new Project();
  project.edit("Pulumi.dev.yaml", (text) => text.replace("size: 10 #", "size: 2 #"));
  cpSync(file("Pulumi.dev.yaml"), file("Pulumi.qa.yaml"));
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "the base");
  cloud = await startCloud({ stateDir: project.stateDir, apiPort: 0, edgePort: 0 });
  stub = await GitHubStub.start();
});
afterAll(async () => {
  await stub?.close();
  await cloud?.close();
  await project?.remove();
});

it("ci:deploy deploys, sees that it answers, and tells release and digest", async () => {
  const { code, stdout, stderr, outputs } = await step("deploy", "--local", "--stack", "dev");
  expect([code, stderr.match(/^error.*/m)]).toEqual([0, null]);
  expect(stdout).toMatch(/^dev: release \S+, image sha256:[0-9a-f]{64}, healthy\n$/);
  released = outputs;
  expect(released).toEqual({
    release: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/),
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
});

it("ci:promote refuses a release that is no longer there, and deploys nothing", async () => {
  const before = readFileSync(file("Pulumi.qa.yaml"), "utf8");
  const args = ["--local", "--from", "dev", "--to", "qa", "--release", "20260101T000000Z-0a1b2c3d"];
  const { code, stderr } = await step("promote", ...args);
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/has moved on from release 20260101T000000Z-0a1b2c3d to \d/),
  ]);
  expect(readFileSync(file("Pulumi.qa.yaml"), "utf8")).toBe(before);
});

it("ci:promote deploys the image that was verified, by its digest", async () => {
  const args = ["--local", "--from", "dev", "--to", "qa", "--release", released["release"]!];
  const { code, stderr, outputs } = await step("promote", ...args);
  expect([code, stderr.match(/^error.*/m)]).toEqual([0, null]);
  expect(outputs["digest"]).toBe(released["digest"]);
  const { config } = parse(readFileSync(file("Pulumi.qa.yaml"), "utf8")) as { config: Record<string, { ref: string }> };
  expect(config["wandstore:image"]?.ref).toMatch(new RegExp(`@${released["digest"]}$`));
});

it("ci:preview and ci:comment tell changes, risks and cost, and put the next comment in the place of the first", async () => {
  project.edit("Pulumi.dev.yaml", (text) => {
    const model = "  wandstore:llm:\n    providers:\n      - kind: kimi\n        model: kimi-k2.6\n";
    return `${text.replace("size: 2 #", "size: 1 #")}${model}`;
  });
  const preview = await step("preview", "--local", "--stack", "dev", "--base", "HEAD", "--out", file("reports"));
  expect([preview.code, preview.stdout]).toEqual([0, expect.stringMatching(/^dev: .*to update.*; policies/)]);
  const { source, changes, facts, cost } = report("dev");
  expect(source).toBe("embedded");
  const pool = changes.find(({ name }) => name === "pool-application");
  expect(pool?.changed.map((one) => one.path)).toContain("maxInstances");
  expect([facts?.before?.poolSize, facts?.after.poolSize]).toEqual([2, 1]);
  expect(cost!.after).toBeGreaterThan(cost!.before! * 1.2);

  const comment = ["--pr", "7", "--reports", file("reports")];
  expect(await step("comment", ...comment)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^written/) });
  const text = stub.comments[0]!.body;
  expect(text.startsWith(MARKER)).toBe(true);
  expect(text).toMatch(/- \*\*downtime\*\* `pool.size`/);
  expect(text).toMatch(/- \*\*cost\*\* `estimate`: the stack costs \d+ % more/);
  expect(text).toMatch(/^\| Models \| \$0\.00 \| \$\d/m);
  expect(await step("comment", ...comment)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^updated/) });
  expect(stub.comments).toHaveLength(1);
});

it("ci:preview fails where a policy refuses, and its report says which", async () => {
  project.edit("Pulumi.qa.yaml", (text) => `${text}  wandstore:worker:\n    name: somebody-elses\n`);
  const { code, stderr } = await step("preview", "--local", "--stack", "qa", "--out", file("reports"));
  expect([code, stderr]).toEqual([1, expect.stringMatching(/names-of-stack at storefront-worker/)]);
  expect(report("qa").findings).toMatchObject([
    { rule: "names-of-stack", level: "mandatory", resource: "storefront-worker" },
  ]);
  await step("comment", "--pr", "7", "--reports", file("reports"));
  expect(stub.comments[0]?.body).toMatch(/\| `qa` \| no plan \| ❌ 1 refused \|/);
});

it("ci:preview without an account is offline, as in a pull request of a fork, and has policies and cost all the same", async () => {
  project.edit("Pulumi.prod.yaml", (text) => text.replace("size: 10", "size: 20"));
  const { code } = await step("preview", "--stack", "prod", "--base", "HEAD", "--out", file("reports"));
  const { source, notes, findings, cost } = report("prod");
  expect([source, notes]).toEqual([
    "offline",
    [
      "Offline: no account was asked. All is shown as new, whatever there is.",
      "Set in policies/config.json: compatibility-date has mostDays 100000.", // by which it is a test of any day
    ],
  ]);
  expect(code).toBe(findings.some(({ level }) => level === "mandatory") ? 1 : 0);
  expect(cost!.after).toBeGreaterThan(cost!.before!);
});

it("ci:drift opens one issue for what was changed by hand, and closes it when it is put right", async () => {
  const outputs = JSON.parse((await project.run("outputs", "-s", "qa", "--json")).stdout) as { applicationId: string };
  const setInstances = (count: number) =>
    fetch(`${cloud.apiUrl}/accounts/${cloud.accountId}/containers/applications/${outputs.applicationId}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${cloud.apiToken}`, "content-type": "application/json" },
      body: JSON.stringify({ max_instances: count }),
    });
  expect((await setInstances(7)).status).toBe(200);
  expect(await step("drift", "--stack", "qa", "--issue")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^opened/m),
  });
  expect(stub.issues).toMatchObject([{ title: "Drift: stack qa was changed by hand", state: "open" }]);
  expect(stub.issues[0]?.body).toMatch(/`maxInstances`: `2` in the state, `7` in the cloud/);
  expect(readFileSync(file("summary.md"), "utf8")).toContain("maxInstances");
  expect((await step("drift", "--stack", "qa")).code).toBe(2);
  await setInstances(2);
  expect(await step("drift", "--stack", "qa", "--issue")).toMatchObject({ code: 0 });
  expect(stub.issues).toMatchObject([{ state: "closed" }]);
});

it("ci:stacks lists stacks for a matrix, and of the shops those that a change touches", async () => {
  for (const shop of ["shop-acme", "shop-bolt"]) cpSync(file("Pulumi.dev.yaml"), file(`Pulumi.${shop}.yaml`));
  git("add", "Pulumi.shop-bolt.yaml");
  git("commit", "-q", "-m", "a shop");
  const all = await step("stacks");
  expect(all.outputs).toEqual({ stacks: '["prod","staging","shop-acme","shop-bolt"]' });
  expect((await step("stacks", "--changed", "HEAD^1")).outputs).toEqual({ stacks: '["prod","staging","shop-bolt"]' });
  const waves = await step("stacks", "--shops", "--wave", "10");
  expect(waves.outputs).toEqual({ first: '["shop-acme"]', rest: '["shop-bolt"]' });
  expect(existsSync(file("Pulumi.shop-acme.yaml"))).toBe(true);
});
