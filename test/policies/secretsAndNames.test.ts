import { namesOfStack } from "../../policies/rules/namesOfStack";
import { noPlainSecrets } from "../../policies/rules/noPlainSecrets";
import { TYPES } from "../../policies/types";
import { judge, UNKNOWN, versionWith } from "./judge";

describe("names-of-stack", () => {
  test.each([
    [TYPES.kvNamespace, { title: "wandstore-dev-ui-cache" }],
    [TYPES.database, { name: "wandstore-dev-db" }],
    [TYPES.script, { scriptName: "wandstore-dev-extra" }],
    [TYPES.worker, { name: UNKNOWN }],
    ["random:index/randomPassword:RandomPassword", { name: "anything" }],
  ])("%s %j is fine", async (type, props) => {
    expect(await judge(namesOfStack, { type, props })).toEqual([]);
  });

  test.each([
    [TYPES.kvNamespace, { title: "ui-cache" }],
    [TYPES.kvNamespace, { title: "wandstore-devui-cache" }], // the hyphen is missing
    [TYPES.bucket, { name: "wandstore-dev2-generated-ui" }], // another stack's
    [TYPES.worker, { name: "wandstore-dev-" }],
    [TYPES.script, { scriptName: "storefront" }],
    [TYPES.pages, { name: "landing" }],
    [TYPES.queue, { queueName: "jobs" }],
  ])("%s %j is refused", async (type, props) => {
    expect(await judge(namesOfStack, { type, props })).toEqual([expect.stringContaining('"wandstore-dev-"')]);
  });
});

describe("no-plain-secrets", () => {
  test.each([
    ["BUILD_ID", "0123456789ab"],
    ["LLM_PROVIDERS", '[{"kind":"openai","model":"m","baseUrl":"https://models.example.com/v1"}]'],
    ["ALERT_RULES", '{"cacheHitPercent":70,"runbookUrl":"https://wiki.example.com/runbooks/"}'],
    ["KEYBOARD_LAYOUT", "qwerty"],
    ["MONKEY", "banana"],
    ["TOKENS_PER_MINUTE", "200"],
    ["maxTokens", "200"],
    ["LABELS", '{"key":"colour","values":["green"],"maxTokens":"many","token":""}'],
    ["DEFAULT_STORE", "a-shop-with-a-name-that-is-rather-long"],
  ])("%s=%s is fine", async (name, value) => {
    expect(await judge(noPlainSecrets, versionWith({ [name]: value }))).toEqual([]);
  });

  test.each([
    ["KIMI_API_KEY", "x"],
    ["admin_token", "x"],
    ["LLM_PROVIDERS", '[{"baseUrl":"https://user:hunter2@models.example.com"}]'],
    ["LLM_PROVIDERS", '[{"key":"sk-0123456789abcdef0123"}]'],
    ["ALERT_WEBHOOK_URL", "https://hooks.example.com/services/T0/B0/x"],
    ["ALERT_RULES", '{"runbookUrl":"https://user:hunter2@wiki.example.com/"}'],
    ["SEED", "q3Jm9ZkV7bX2wN5tR8yL1pC4hD6gF0sA"],
    ["kimiApiKey", "hush"],
    ["kimi-api-key", "hush"],
    ["DB_PASSWD", "hush"],
    ["LLM_PROVIDERS", '[{"kind":"kimi","apiKey":"hush"}]'],
    ["ALERT_RULES", '{"monthlyUsd":3000,"tell":{"webhook":"https://hooks.example.com/abc"}}'],
    ["MODEL", "sk-ant-api03-abcdefghijklmnop"],
    ["EXTRA_HEADER", "Authorization: Bearer abcdefghijklmnopqrstuvwxyz"],
  ])("%s=%s is refused, and the value is not repeated", async (name, value) => {
    const [message, ...others] = await judge(noPlainSecrets, versionWith({ [name]: value }));
    expect(others).toEqual([]);
    expect(message).toContain(name);
    if (value.length > 1) expect(message).not.toContain(value);
  });

  test("a secret in its own place is fine, and a binding that is not known hides no other", async () => {
    const props = { bindings: [], secrets: { KIMI_API_KEY: "sk-0123456789abcdef0123" } };
    expect(await judge(noPlainSecrets, { type: TYPES.workerVersion, props })).toEqual([]);
    const bindings = [UNKNOWN, { type: "plain_text", name: "A_SECRET", text: "x" }];
    expect(await judge(noPlainSecrets, { type: TYPES.workerVersion, props: { bindings } })).toHaveLength(1);
  });

  const pages = (type: string) => ({
    deploymentConfigs: { production: { envVars: { API_TOKEN: { type, value: "x" } } }, preview: {} },
  });
  test.each([
    [TYPES.script, { bindings: [{ type: "plain_text", name: "API_TOKEN", text: "x" }] }, 1],
    [TYPES.script, { bindings: [{ type: "secret_text", name: "API_TOKEN", text: "x" }] }, 0],
    [TYPES.plainVersion, { bindings: [{ type: "json", name: "CONFIG", json: '{"k":"sk-0123456789abcdef0123"}' }] }, 1],
    [TYPES.kvValue, { keyName: "store:acme", value: '{"storefront":"shpat_0123456789abcdef0123"}' }, 1],
    [TYPES.kvValue, { keyName: "store:acme", value: '{"handle":"desk-lamp-with-a-very-long-name"}' }, 0],
    [TYPES.kvValue, { keyName: "flags", value: "on", metadata: '{"by":"ghp_0123456789abcdef0123"}' }, 1],
    [TYPES.kvValue, { keyName: "store:secret-garden", value: "{}" }, 0], // what a shop is called
    [TYPES.kvValue, { keyName: "store:sk-ii", value: '{"handle":"sk-ii-facial-treatment-essence-230ml"}' }, 0],
    [TYPES.kvValue, { keyName: "store:arcade", value: '{"options":{"Token":"silver"}}' }, 0],
    [TYPES.kvValue, { keyName: "flags", value: '{"apiToken":"hush"}' }, 1],
    [TYPES.script, { bindings: [{ type: "json", name: "CONFIG", json: { clientSecret: "hush" } }] }, 1],
    [TYPES.worker, { observability: { logs: { destinations: ["https://me:hush@logs.example.com"] } } }, 1],
    [TYPES.worker, { tags: ["sk-0123456789abcdef0123"] }, 1],
    [TYPES.worker, { name: "wandstore-dev-a-storefront-with-2-very-long-names" }, 0],
    [TYPES.workerVersion, { message: "build with AKIAIOSFODNN7EXAMPLE" }, 1],
    [TYPES.containerApplication, { verification: { token: "sk-0123456789abcdef0123" } }, 0], // a secret of the provider's
    ["random:index/randomPassword:RandomPassword", { keepers: { by: "sk-0123456789abcdef0123" } }, 0],
    [TYPES.kvValue, { keyName: "admin_token", value: "x" }, 1],
    [TYPES.pages, pages("plain_text"), 1],
    [TYPES.pages, pages("secret_text"), 0],
  ])("%s %j gives %d", async (type, props, violations) => {
    expect(await judge(noPlainSecrets, { type, props })).toHaveLength(violations);
  });
});
