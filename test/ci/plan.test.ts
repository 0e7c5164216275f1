import { readFileSync } from "node:fs";
import path from "node:path";
import { fromEmbedded } from "../../bin/ci/plan/embedded";
import { fromPulumi } from "../../bin/ci/plan/pulumi";
import { cut, namedPath, pathParts, shownAt } from "../../bin/ci/plan/values";

const fixture = (name: string): string => readFileSync(path.join(__dirname, "fixtures", name), "utf8");

describe("what the Pulumi CLI printed", () => {
  // Printed by the CLI 3.255: the Worker renamed, the pool shrunk, and in the stream also another size and another key.
  const plan = fromPulumi(fixture("previewStream.jsonl"));

  it("names each change once, with what causes a replacement", () => {
    expect(plan.changes.map(({ op, name }) => `${op} ${name}`)).toEqual([
      "update storefront-worker",
      "replace storefront-version",
      "replace storefront-housekeeping",
      "replace pool-application",
      "update release-record",
    ]);
    expect(plan.unchanged).toBe(2);
    const pool = plan.changes.find(({ name }) => name === "pool-application");
    expect(pool?.type).toBe("wandstore:index:ContainerApplication");
    expect(pool?.changed).toEqual([
      { path: "instanceType", replaces: false, before: "lite", after: "standard-1" },
      { path: "maxInstances", replaces: false, before: "3", after: "2" },
      { path: "namespaceId", replaces: true, before: "3f481d28280b21779416ebd2462b0f8d", after: "[unknown]" },
    ]);
  });

  it("leaves out what only follows from the rest", () => {
    const worker = plan.changes.find(({ name }) => name === "storefront-worker");
    expect(worker?.changed).toEqual([
      { path: "name", replaces: false, before: "wandstore-staging-storefront", after: "another-name" },
    ]);
  });

  it("shows of a secret that it is one", () => {
    const version = plan.changes.find(({ name }) => name === "storefront-version");
    expect(version?.changed).toContainEqual({
      path: "secrets.CLAUDE_API_KEY",
      replaces: true,
      before: "[secret]",
      after: "[secret]",
    });
  });

  it("has the findings of the policy pack, and the errors", () => {
    expect(plan.findings.map(({ rule, level, resource }) => [rule, level, resource])).toEqual([
      ["names-of-stack", "mandatory", "storefront-worker"],
      ["container-instance-type", "advisory", "pool-application"],
    ]);
    expect(plan.findings[0]?.message).toMatch(/^The name "another-name" does not start with/);
    expect(plan.errors).toEqual(["preview failed"]);
  });

  it("says the same as one document, only without the findings", () => {
    const digest = fromPulumi(fixture("previewDigest.json"));
    expect(digest.findings).toEqual([]);
    expect(digest.changes.map(({ op, name }) => `${op} ${name}`)).toEqual(
      plan.changes.map(({ op, name }) => `${op} ${name}`),
    );
    const pool = digest.changes.find(({ name }) => name === "pool-application");
    expect(pool?.changed).toContainEqual({ path: "maxInstances", replaces: false, before: "3", after: "2" });
  });

  it.each(["", "error: no stack named 'prod' found", "{}", '{"steps": 3}'])(
    "that is no preview is refused: %j",
    (text) => {
      expect(() => fromPulumi(text)).toThrow(/./);
    },
  );
});

describe("what the embedded deployment printed", () => {
  const urn =
    "urn:pulumi:dev::wandstore::wandstore:infra:GeneratorPool$wandstore:index:ContainerApplication::pool-application";
  const step = { op: "replace", urn, type: "wandstore:index:ContainerApplication", name: "pool-application" };

  it("names each change with its properties", () => {
    const steps = [{ ...step, diff: ["maxInstances", "namespaceId"], replaceReasons: ["namespaceId"] }];
    const policy = [{ rule: "r", resource: urn, level: "advisory", message: "m" }];
    const plan = fromEmbedded(JSON.stringify({ steps, policy, changeSummary: { same: 30, replace: 1 } }));
    expect(plan).toEqual({
      changes: [
        {
          op: "replace",
          type: step.type,
          name: step.name,
          changed: [
            { path: "namespaceId", replaces: true },
            { path: "maxInstances", replaces: false },
          ],
        },
      ],
      unchanged: 30,
      findings: [{ rule: "r", level: "advisory", resource: "pool-application", message: "m" }],
      errors: [],
    });
  });

  it("names each rule that refuses it", () => {
    const message = `policies refuse the deployment; nothing was made:\n- no-plain-secrets: A (very) plain one. (${urn})`;
    const plan = fromEmbedded(JSON.stringify({ error: { code: "POLICY_VIOLATED", message } }));
    expect(plan.findings).toEqual([
      { rule: "no-plain-secrets", level: "mandatory", resource: "pool-application", message: "A (very) plain one." },
    ]);
    expect(plan.errors).toEqual([]); // the findings say it
  });

  it("says why there is no plan", () => {
    const error = { code: "CONFIG_INVALID", message: "pool.size: found 500" };
    expect(fromEmbedded(JSON.stringify({ error }))).toMatchObject({ changes: [], errors: ["pool.size: found 500"] });
  });
});

describe("a value in a comment", () => {
  const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "AAABBB" };
  const inputs = {
    size: 3,
    on: false,
    name: "shop",
    long: "x".repeat(500),
    list: [1, 2],
    sealed: SECRET,
    hidden: "[secret]",
    apiToken: "plain but private",
    env: { STRIPE_SECRET: "sk-1" },
    bindings: [
      { type: "plain_text", name: "POOL_SIZE", text: "2" },
      { type: "secret_text", name: "KEY", text: "sk-2" },
      { type: "plain_text", name: "ADMIN_TOKEN", text: "sk-3" },
    ],
  };
  it.each([
    ["size", "3"],
    ["on", "false"],
    ["name", "shop"],
    ["list", undefined],
    ["list[1]", "2"],
    ["nowhere.at.all", undefined],
    ["bindings[0].text", "2"],
    ["sealed", "[secret]"],
    ["sealed.ciphertext", "[secret]"],
    ["hidden", "[secret]"],
    ["apiToken", "[secret]"],
    ["env.STRIPE_SECRET", "[secret]"],
    ["bindings[1].text", "[secret]"],
    ["bindings[2].text", "[secret]"],
  ])("at %s is %j", (at, shown) => {
    expect(shownAt(inputs, at)).toBe(shown);
  });

  it("is cut where it is long, between letters", () => {
    expect(shownAt(inputs, "long")).toBe(`${"x".repeat(59)}…`);
    expect(cut("🪄".repeat(4), 3)).toBe("🪄🪄…");
    expect(cut("abc", 3)).toBe("abc");
  });

  it("is told by the name of its element", () => {
    expect(namedPath(inputs, "bindings[0].text")).toBe('bindings["POOL_SIZE"].text');
    expect(namedPath(inputs, "list[1]")).toBe("list[1]");
    expect(namedPath(inputs, "nowhere[1].at")).toBe("nowhere[1].at");
  });

  it("is found where quotes and dots are in the way", () => {
    expect(pathParts('tags["a.b"].c[0]')).toEqual(["tags", "a.b", "c", "0"]);
  });
});
