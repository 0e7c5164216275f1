import { containerImagePinned } from "../../policies/rules/containerImagePinned";
import { containerInstanceType } from "../../policies/rules/containerInstanceType";
import { containerMaxInstances } from "../../policies/rules/containerMaxInstances";
import { debugOffInProd } from "../../policies/rules/debugOffInProd";
import { namesOfStack } from "../../policies/rules/namesOfStack";
import { noPlainSecrets } from "../../policies/rules/noPlainSecrets";
import { TYPES } from "../../policies/rules/types";
import { unsignedLinksOffInProd } from "../../policies/rules/unsignedLinksOffInProd";
import { judge } from "./judge";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const DIGEST = `registry.cloudflare.com/${"a".repeat(32)}/wandstore-generator@sha256:${"b".repeat(64)}`;
const application = (props: Record<string, unknown>) => ({ type: TYPES.containerApplication, props });
const version = (variables: Record<string, string>) => ({
  type: TYPES.workerVersion,
  props: { bindings: Object.entries(variables).map(([name, text]) => ({ type: "plain_text", name, text })) },
});

describe("names-of-stack", () => {
  test.each([
    [TYPES.kvNamespace, { title: "wandstore-dev-ui-cache" }],
    [TYPES.database, { name: "wandstore-dev-db" }],
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
  ])("%s %j is refused", async (type, props) => {
    expect(await judge(namesOfStack, { type, props })).toEqual([expect.stringContaining('"wandstore-dev-"')]);
  });
});

describe("container-image-pinned", () => {
  test.each([DIGEST, UNKNOWN, undefined])("%s is fine", async (image) => {
    expect(await judge(containerImagePinned, application({ image }))).toEqual([]);
  });

  test.each([
    DIGEST.replace(/@.*/, ":latest"),
    DIGEST.replace("registry.cloudflare.com", "docker.io"),
    DIGEST.replace("registry.cloudflare.com", "registry.cloudflare.com.example.net"),
    DIGEST.slice(0, -1),
    `${DIGEST}0`,
  ])("%s is refused", async (image) => {
    expect(await judge(containerImagePinned, application({ image }))).toHaveLength(1);
  });
});

test("container-instance-type advises against all but lite", async () => {
  expect(await judge(containerInstanceType, application({ instanceType: "lite" }))).toEqual([]);
  expect(await judge(containerInstanceType, application({ instanceType: "basic" }))).toHaveLength(1);
});

test.each([
  [1, 0],
  [50, 0],
  [0, 1],
  [51, 1],
  [2.5, 1],
])("container-max-instances: %d gives %d violations", async (maxInstances, violations) => {
  expect(await judge(containerMaxInstances, application({ maxInstances }))).toHaveLength(violations);
});

describe("no-plain-secrets", () => {
  test.each([
    ["BUILD_ID", "0123456789ab"],
    ["LLM_PROVIDERS", '[{"kind":"openai","model":"m","baseUrl":"https://models.example.com/v1"}]'],
    ["ALERT_RULES", '{"cacheHitPercent":70,"runbookUrl":"https://wiki.example.com/runbooks/"}'],
    ["KEYBOARD_LAYOUT", "qwerty"],
    ["MONKEY", "banana"],
    ["TOKENS_PER_MINUTE", "200"],
    ["DEFAULT_STORE", "a-shop-with-a-name-that-is-rather-long"],
  ])("%s=%s is fine", async (name, value) => {
    expect(await judge(noPlainSecrets, version({ [name]: value }))).toEqual([]);
  });

  test.each([
    ["KIMI_API_KEY", "x"],
    ["admin_token", "x"],
    ["LLM_PROVIDERS", '[{"baseUrl":"https://user:hunter2@models.example.com"}]'],
    ["LLM_PROVIDERS", '[{"key":"sk-0123456789abcdef0123"}]'],
    ["ALERT_WEBHOOK_URL", "https://hooks.example.com/services/T0/B0/x"],
    ["ALERT_RULES", '{"runbookUrl":"https://user:hunter2@wiki.example.com/"}'],
    ["SEED", "q3Jm9ZkV7bX2wN5tR8yL1pC4hD6gF0sA"],
  ])("%s=%s is refused, and the value is not repeated", async (name, value) => {
    const [message, ...others] = await judge(noPlainSecrets, version({ [name]: value }));
    expect(others).toEqual([]);
    expect(message).toContain(name);
    if (value.length > 1) expect(message).not.toContain(value);
  });

  test("a secret in its own place is fine", async () => {
    const props = { bindings: [], secrets: { KIMI_API_KEY: "sk-0123456789abcdef0123" } };
    expect(await judge(noPlainSecrets, { type: TYPES.workerVersion, props })).toEqual([]);
  });
});

describe.each([
  [debugOffInProd, "DEBUG_ENABLED"],
  [unsignedLinksOffInProd, "UNSIGNED_LINKS"],
])("$name", (rule, variable) => {
  test.each([
    ["prod", "false", 0],
    ["prod", "true", 1],
    ["prod", "False", 1],
    ["staging", "true", 0],
  ])("%s with %s gives %d violations", async (environment, value, violations) => {
    expect(await judge(rule, version({ ENVIRONMENT: environment, [variable]: value }))).toHaveLength(violations);
  });

  test("a production Worker that does not say it is refused", async () => {
    expect(await judge(rule, version({ ENVIRONMENT: "prod" }))).toHaveLength(1);
  });
});
