import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { automationEngine, forgetStack, lastUpdates, type AutomationOptions } from "../../../infra/fleet/automation";
import type { StackEngine } from "../../../infra/fleet/engine";
import { FakePulumi, type FakeAnswer } from "./fakePulumi";
import { type Desk, openDesk } from "./support";

jest.setTimeout(120_000); // each call is a process

const STACK = "shop-acme";
const TOKEN = "an-admin-token-of-the-tests";
const OUTPUTS = {
  releaseId: "20260701T101500Z-0a1b2c3d",
  imageDigest: "registry.cloudflare.com/a/wandstore-generator@sha256:00",
  generatorBuildId: "0123456789ab",
  defaultStorefront: "https://acme.example/s/acme",
  catalogues: { acme: "0123456789abcdef" },
};
const urn = (name: string): string => `urn:pulumi:${STACK}::wandstore::a:b:C::${name}`;
const step = (op: string, name: string): object => ({ resourcePreEvent: { metadata: { op, urn: urn(name) } } });
const said = (message: string): object => ({ diagnosticEvent: { severity: "error", message, color: "never" } });
const summary = (resourceChanges: object): object => ({ summaryEvent: { resourceChanges } });

let desk: Desk;
let pulumi: FakePulumi;
const before = { ...process.env };
beforeEach(() => {
  desk = openDesk();
  pulumi = new FakePulumi(desk.dir);
  writeFileSync(path.join(desk.dir, `Pulumi.${STACK}.yaml`), "config:\n  wandstore:environment: shop # a comment\n");
  process.env["PATH"] = `${pulumi.bin}${path.delimiter}${before["PATH"]}`;
});
afterEach(() => {
  process.env = { ...before };
  desk.remove();
});

const noEdge = (): Promise<never> => Promise.reject(new Error("no edge"));
const engineOf = (more: Partial<AutomationOptions> = {}): StackEngine =>
  automationEngine({ projectDir: desk.dir, edgeOf: noEdge, ...more });
const run = { signal: new AbortController().signal };

test("an up passes the policy pack, tells its steps, and answers with counts and outputs", async () => {
  process.env["PULUMI_CONFIG_PASSPHRASE"] = "a passphrase";
  pulumi.answer({
    up: { events: [step("same", "a"), step("create", "storage-db"), summary({ create: 1, same: 2 })] },
    "stack output": { stdout: JSON.stringify({ ...OUTPUTS, adminToken: TOKEN, other: 1 }) },
  });
  const progress: string[] = [];
  const change = await engineOf().up(STACK, { ...run, onProgress: (text) => progress.push(text) });
  expect(change).toEqual({ summary: { create: 1, same: 2 }, outputs: OUTPUTS });
  expect(progress).toEqual(["creating storage-db"]);
  expect(pulumi.call("up")).toMatchObject({
    args: expect.arrayContaining([
      "--policy-pack",
      path.join(desk.dir, "policies"),
      "--stack",
      STACK,
      "--non-interactive",
    ]),
    passphrase: "a passphrase",
  });
});

test("a preview counts what would be done, and a destroy what was; neither has outputs", async () => {
  pulumi.answer({
    preview: { events: [summary({ create: 3 })] },
    destroy: { events: [step("delete", "storage-db"), summary({ delete: 3 })] },
  });
  expect(await engineOf().preview(STACK, run)).toEqual({ summary: { create: 3 }, outputs: undefined });
  expect(await engineOf().destroy(STACK, run)).toEqual({ summary: { delete: 3 }, outputs: undefined });
});

test("a stack that the backend does not know is made in it; one that it knows is not", async () => {
  const unknown = { code: 255, stderr: `error: no stack named '${STACK}' found` };
  pulumi.answer({ up: { events: [summary({})] } });
  await engineOf().up(STACK, run);
  expect(pulumi.call("stack", "init")).toBeUndefined();
  pulumi.answer({ "stack --stack": unknown, up: { events: [summary({})] } });
  await engineOf().up(STACK, run);
  expect(pulumi.call("stack", "init", STACK)).toBeDefined();
});

test("a stack with protected resources is not destroyed by half: nothing of it is", async () => {
  const state = (protect: boolean) => {
    const resources = [{ urn: urn("pool-application") }, { urn: urn("storage-db"), protect }];
    return { stdout: JSON.stringify({ version: 3, deployment: { resources } }) };
  };
  pulumi.answer({ "stack export": state(true) });
  await expect(engineOf().destroy(STACK, run)).rejects.toMatchObject({
    code: "PROTECTED",
    message: expect.stringMatching(/is as it was: .*set wandstore:protect to false/),
  });
  expect(pulumi.call("destroy")).toBeUndefined();
  pulumi.answer({ "stack export": state(false), destroy: { events: [summary({ delete: 2 })] } });
  expect((await engineOf().destroy(STACK, run)).summary).toEqual({ delete: 2 });
});

test("no stack is selected: which one the user's own commands mean stays as it was", async () => {
  const unknown = { code: 255, stderr: `error: no stack named '${STACK}' found` };
  pulumi.answer({ up: { events: [summary({})] } });
  await engineOf().up(STACK, run);
  pulumi.answer({ "stack --stack": unknown, up: { events: [summary({})] } });
  await engineOf().up(STACK, run);
  expect(pulumi.call("stack", "select")).toBeUndefined();
  expect(pulumi.call("stack", "init")!.args).toContain("--no-select");
});

test("an image goes into a copy of the stack's file, and what was reviewed stays", async () => {
  const file = path.join(desk.dir, `Pulumi.${STACK}.yaml`);
  const text = readFileSync(file, "utf8");
  pulumi.answer({ up: { events: [summary({})] } });
  await engineOf().up(STACK, { ...run, image: { ref: "registry.example/a@sha256:00", buildId: "0123456789ab" } });
  const { config } = pulumi.call("up")!;
  expect(config).toContain("wandstore:environment: shop # a comment");
  expect(config).toContain("ref: registry.example/a@sha256:00");
  expect(readFileSync(file, "utf8")).toBe(text);
});

describe("what goes wrong is told with what to do", () => {
  it.each<[string, Record<string, FakeAnswer>, string, RegExp]>([
    [
      "no passphrase",
      {
        "stack --stack": {
          code: 255,
          stderr: "error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
        },
      },
      "SECRETS_LOCKED",
      /shop-acme.*set PULUMI_CONFIG_PASSPHRASE/,
    ],
    ["a wrong one", { up: { code: 255, events: [said("incorrect passphrase")] } }, "SECRETS_LOCKED", /passphrase/],
    [
      "no backend",
      {
        "stack --stack": {
          code: 255,
          stderr: "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
        },
      },
      "NOT_LOGGED_IN",
      /pulumi login.*PULUMI_BACKEND_URL/,
    ],
    [
      "another run on the stack",
      { up: { code: 255, stderr: "error: the stack is currently locked by 1 lock(s)." } },
      "STACK_LOCKED",
      /pulumi cancel --stack shop-acme/,
    ],
    [
      "a policy",
      {
        up: {
          code: 255,
          events: [
            {
              policyEvent: {
                policyName: "budget-set",
                message: "A stack has a budget.\nThis one has none.",
                enforcementLevel: "mandatory",
                resourceUrn: urn("storefront-version"),
              },
            },
          ],
        },
      },
      "POLICY_VIOLATED",
      /- budget-set: This one has none\. \(storefront-version\)/,
    ],
    [
      "protection",
      {
        destroy: {
          code: 255,
          events: [said("resource urn cannot be deleted\nbecause it is protected.")],
          stderr: "it is\nprotected",
        },
      },
      "PROTECTED",
      /wandstore:protect to false/,
    ],
    [
      "no Docker",
      {
        up: {
          code: 255,
          events: [
            said(
              "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon",
            ),
          ],
        },
      },
      "NO_DOCKER",
      /start it, or deploy an image that is built already, by --from staging/,
    ],
    [
      "what a line with a colon at its end announces",
      {
        up: {
          code: 255,
          events: [
            said("[runtime] Running program 'infra' failed with an unhandled exception:\n  Error: no such file"),
          ],
        },
      },
      "DEPLOY_FAILED",
      /unhandled exception: Error: no such file$/,
    ],
    [
      "many complaints",
      { up: { code: 255, events: ["one", "two", "two", "three", "four"].map(said) } },
      "DEPLOY_FAILED",
      /stack "shop-acme":\n- one\n- two\n- three\n- … and 1 more$/,
    ],
    [
      "a complaint of the CLI's own",
      { up: { code: 255, stderr: "error: no space left" } },
      "DEPLOY_FAILED",
      /no space left/,
    ],
  ])("%s", async (_what, answers, code, message) => {
    pulumi.answer(answers);
    const operation = "destroy" in answers ? "destroy" : "up";
    await expect(engineOf()[operation](STACK, run)).rejects.toMatchObject({
      name: "FleetError",
      code,
      message: expect.stringMatching(message),
    });
  });

  it("no CLI", async () => {
    process.env["PATH"] = path.join(desk.dir, "nothing-here");
    await expect(engineOf().up(STACK, run)).rejects.toMatchObject({
      code: "NO_PULUMI",
      message: expect.stringMatching(/--local/),
    });
  });

  it("a wish to stop, which the CLI is told of", async () => {
    pulumi.answer({ up: { hangs: true, code: 255, stderr: "error: update canceled" } });
    const wish = new AbortController();
    const onOutput = (text: string): void => void (text.includes("it has begun") && wish.abort());
    const stopped = engineOf({ onOutput }).up(STACK, { signal: wish.signal });
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});

describe("what is known of stacks", () => {
  it("nothing of one that the backend does not know, or that has no release", async () => {
    pulumi.answer({ "stack output": { code: 255, stderr: `error: no stack named '${STACK}' found` } });
    expect(await engineOf().outputs(STACK)).toBeUndefined();
    pulumi.answer({ "stack output": { stdout: "{}" } });
    expect(await engineOf().outputs(STACK)).toBeUndefined();
    expect(pulumi.call("stack", "select")).toBeUndefined(); // who asks chooses no stack for others
  });

  it("when each was last changed", async () => {
    const stacks = [
      { name: STACK, lastUpdate: "2026-07-01T10:15:00.000Z" },
      { name: "organisation/wandstore/shop-new" },
    ];
    pulumi.answer({ "stack ls": { stdout: JSON.stringify(stacks) } });
    expect([...(await lastUpdates(desk.dir))]).toEqual([
      [STACK, Date.parse("2026-07-01T10:15:00Z")],
      ["shop-new", 0],
    ]);
  });

  it("one is forgotten with its file kept, and twice is no mistake", async () => {
    pulumi.answer({ "stack ls": { stdout: JSON.stringify([{ name: STACK }, { name: "mine", current: true }]) } });
    await forgetStack(desk.dir, STACK);
    expect(pulumi.calls().at(-1)!.args.slice(0, 3)).toEqual(["stack", "select", "mine"]); // the CLI forgets it with any stack
    expect(pulumi.call("stack", "rm")!.args).toEqual(expect.arrayContaining(["--preserve-config", STACK]));
    pulumi.answer({ "stack rm": { code: 255, stderr: `error: no stack named '${STACK}' found` } });
    await forgetStack(desk.dir, STACK);
  });

  it("its health, with the build that a member answers; the token goes to the stack's own address alone", async () => {
    pulumi.answer({ "stack output": { stdout: JSON.stringify({ ...OUTPUTS, adminToken: TOKEN }) } });
    const asked: [string, string | undefined][] = [];
    const engine = engineOf({
      edgeOf:
        async () =>
        async (url, { bearer }) => {
          asked.push([url, bearer]);
          const body = url.endsWith("/health") ? "{}" : JSON.stringify({ build_id: "0123456789ab" });
          return { status: 200, body };
        },
    });
    expect(await engine.health(STACK, OUTPUTS, run.signal)).toEqual({ status: 200, builds: ["0123456789ab"] });
    expect(asked).toEqual([
      ["https://acme.example/health", undefined],
      ["https://acme.example/api/pool/pool-0", TOKEN],
    ]);
    expect(await engine.health(STACK, {}, run.signal)).toBeUndefined();
  });
});
