import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readProject, readStackConfig } from "../../../../local/deploy/stack/project";
import { isEmbedded, withSurroundings } from "../../../../local/deploy/stack/settings";

const cloud = { apiUrl: "", edgeUrl: "http://127.0.0.1:1", registryUrl: "", accountId: "f".repeat(32), apiToken: "" };
const config = (values: Record<string, string> = {}) => ({ values, secretKeys: [] });
const llmOf = (values: Record<string, string>) =>
  (JSON.parse(values["wandstore:llm"] ?? "{}") as { providers: unknown }).providers;

describe("a stack's file", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "wand-stack-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);

  it("is read as the CLI hands it over: objects as JSON, keys with their namespace", () => {
    write("Pulumi.dev.yaml", "config:\n  wandstore:pool:\n    size: 10\n  debug: true\n  cloudflare:x: y\n");
    const { values } = readStackConfig(folder, "wandstore", "dev", false);
    expect(values).toEqual({ "wandstore:pool": '{"size":10}', "wandstore:debug": "true", "cloudflare:x": "y" });
  });

  it("may hold a secret of the CLI, for which a placeholder stands offline and which is refused else", () => {
    write("Pulumi.prod.yaml", "config:\n  wandstore:kimiApiKey:\n    secure: v1:abc\n");
    const offline = readStackConfig(folder, "wandstore", "prod", true);
    expect(offline.secretKeys).toEqual(["wandstore:kimiApiKey"]);
    expect(offline.values["wandstore:kimiApiKey"]).not.toContain("v1:abc");
    expect(() => readStackConfig(folder, "wandstore", "prod", false)).toThrow(
      /holds encrypted secrets: deploy with the Pulumi CLI/,
    );
  });

  it("that is missing or broken is named", () => {
    expect(() => readStackConfig(folder, "wandstore", "dev", true)).toThrow(/no .*Pulumi\.dev\.yaml/);
    write("Pulumi.dev.yaml", "config: [broken");
    expect(() => readStackConfig(folder, "wandstore", "dev", true)).toThrow(/Pulumi\.dev\.yaml cannot be read/);
    write("Pulumi.yaml", "main: infra/");
    expect(() => readProject(folder)).toThrow(/Pulumi\.yaml cannot be read[\s\S]*name/);
  });
});

describe("what the program is told over the stack's file", () => {
  it("is the account and the edge of the embedded cloud", () => {
    const { values } = withSurroundings(config({ "wandstore:accountId": "a" }), "wandstore", cloud, {});
    expect(values).toEqual({ "wandstore:accountId": cloud.accountId, "wandstore:edgeUrl": cloud.edgeUrl });
  });

  it("is a placeholder of an account offline, unless one is named", () => {
    const account = (values: Record<string, string>, env: Record<string, string>) =>
      withSurroundings(config(values), "wandstore", undefined, env).values["wandstore:accountId"];
    expect(account({}, {})).toBe("0".repeat(32));
    expect(account({}, { CLOUDFLARE_ACCOUNT_ID: "1".repeat(32) })).toBe("1".repeat(32));
    expect(account({ "wandstore:accountId": "2".repeat(32) }, {})).toBe("2".repeat(32));
  });

  it("is offline the account that has the stack's image, where nothing else names one", () => {
    const account = (values: Record<string, string>, env: Record<string, string> = {}) =>
      withSurroundings(config(values), "wandstore", undefined, env).values["wandstore:accountId"];
    const ref = `registry.cloudflare.com/${"3".repeat(32)}/wandstore-generator@sha256:${"d".repeat(64)}`;
    expect(account({ "wandstore:image": JSON.stringify({ ref }) })).toBe("3".repeat(32));
    expect(account({ "wandstore:rollback": JSON.stringify({ image: ref }) })).toBe("3".repeat(32));
    expect(account({ "wandstore:image": JSON.stringify({ ref }) }, { CLOUDFLARE_ACCOUNT_ID: "1" })).toBe("1");
    expect(account({ "wandstore:image": '{"ref":"ghcr.io/x/y@sha256:0"}' })).toBe("0".repeat(32));
  });

  it("is a key of the environment as a secret, with its provider where the stack names none", () => {
    const { values, secretKeys } = withSurroundings(config(), "wandstore", cloud, {
      KIMI_API_KEY: "k",
      CLAUDE_API_KEY: "",
    });
    expect(values["wandstore:kimiApiKey"]).toBe("k");
    expect(secretKeys).toEqual(["wandstore:kimiApiKey"]);
    expect(llmOf(values)).toEqual([{ kind: "kimi", model: "kimi-k2.6" }]);
  });

  it("keeps the models that the stack names", () => {
    const llm = JSON.stringify({ providers: [{ kind: "kimi", model: "kimi-k2.5" }], deadlineMs: 9000 });
    const { values } = withSurroundings(config({ "wandstore:llm": llm }), "wandstore", cloud, { KIMI_API_KEY: "k" });
    expect(JSON.parse(values["wandstore:llm"]!)).toEqual(JSON.parse(llm));
  });

  it("puts a server of the environment first, and wants both its address and its model", () => {
    const env = { LLM_BASE_URL: "http://127.0.0.1:9/v1", LLM_MODEL: "local", LLM_API_KEY: "s" };
    const { values, secretKeys } = withSurroundings(config(), "wandstore", cloud, env);
    expect(llmOf(values)).toEqual([{ kind: "openai", model: "local", baseUrl: env.LLM_BASE_URL }]);
    expect(secretKeys).toEqual(["wandstore:llmApiKey"]);
    expect(() => withSurroundings(config(), "wandstore", cloud, { LLM_MODEL: "local" })).toThrow(
      "LLM_MODEL without LLM_BASE_URL",
    );
  });
});

describe("where a stack lives", () => {
  it.each([
    ["dev", true],
    ["shop", true],
    ["staging", false],
    ["prod", false],
  ])("environment %s: embedded %s", (environment, embedded) => {
    expect(isEmbedded(config({ "wandstore:environment": environment }), "wandstore")).toBe(embedded);
  });
});
