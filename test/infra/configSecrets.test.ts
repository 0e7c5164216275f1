import * as pulumi from "@pulumi/pulumi";
import { ConfigError, readStack } from "../../infra/config";
import { SECRET_SETTINGS } from "../../infra/config/secrets";
import { OPTIONAL_SECRETS, SECRETS } from "../../runtime/contract/bindings";
import { LLM_KEY_VARIABLES } from "../../runtime/contract/llm";
import { least, problemsOf } from "./stackFile";

const PLANTED = "planted-secret-5d1f";
const LONG = `${PLANTED}-${"k".repeat(32)}`;
const KEYS = Object.keys(SECRET_SETTINGS);

test.each(KEYS)("%s in plain text is refused with how to set it, and not repeated", (key) => {
  const problems = problemsOf(least({ [key]: `https://${PLANTED}.example.com/0123456789` }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(
    new RegExp(`^${key}: found a value in plain text; .*\`pulumi config set --secret wandstore:${key}\``),
  );
  expect(problems.join()).not.toContain(PLANTED);
});

test.each(KEYS)("%s that is empty is refused, secret or not", (key) => {
  for (const kept of [[], [key]]) {
    expect(problemsOf(least({ [key]: "" }), {}, kept).join()).toMatch(
      /found an empty value; set it with `pulumi config/,
    );
  }
});

test.each([
  ["kimiApiKey", `${PLANTED} with a space`, "expected a key without spaces"],
  ["adminToken", PLANTED, "expected 32 characters or more, no spaces"],
  ["shopperSigningKey", "k".repeat(31), "expected 32 characters or more, no spaces"],
  ["webhookSigningKey", `${"k".repeat(40)} ${PLANTED}`, "expected 32 characters or more, no spaces"],
  ["shopifyWebhookSecrets", "k".repeat(15), "expected 16 characters or more, no spaces"],
  ["alertWebhookUrl", PLANTED, "expected an https address"],
  ["alertWebhookUrl", `http://${PLANTED}.example.com/hook`, "expected an https address"],
])("%s that cannot be one is refused without its value", (key, value, expected) => {
  const problems = problemsOf(least({ [key]: value }), {}, [key]);
  expect(problems).toEqual([
    `${key}: found a secret that cannot be right; ${expected}. Set it with \`pulumi config set --secret wandstore:${key}\``,
  ]);
});

test.each([
  ["kimiApiKey", "k"],
  ["adminToken", "k".repeat(32)],
  ["shopifyWebhookSecrets", `${"k".repeat(20)},${"l".repeat(20)}`],
  ["alertWebhookUrl", "https://hooks.example.com/a?b=c"],
])("%s that is just good enough is taken", (key, value) => {
  expect(problemsOf(least({ [key]: value }), {}, [key])).toEqual([]);
});

test("a setting that the stack keeps as a secret is refused, for it would not stay one", () => {
  expect(problemsOf(least({ accountId: PLANTED, pool: { size: 99 } }), {}, ["accountId", "pool"])).toEqual([
    "accountId: found a secret; this is no secret setting and would be in plain text in the state. Set it without --secret",
    "pool: found a secret; this is no secret setting and would be in plain text in the state. Set it without --secret",
  ]);
});

test("every secret of the Worker can be given, and every kind of model has its key", () => {
  const variables = Object.values(SECRET_SETTINGS).flatMap((setting) =>
    "variable" in setting ? setting.variable : [],
  );
  expect(variables.toSorted()).toEqual([...OPTIONAL_SECRETS, ...SECRETS].toSorted());
  expect(variables).toEqual(expect.arrayContaining(Object.values(LLM_KEY_VARIABLES)));
});

describe("the stack that runs", () => {
  const run = (more: Record<string, unknown>, secretKeys: string[], others: Record<string, string> = {}) => {
    pulumi.runtime.setAllConfig(
      { ...least(more), ...others },
      secretKeys.map((key) => (key.includes(":") ? key : `wandstore:${key}`)),
    );
    return readStack();
  };
  afterEach(() => pulumi.runtime.setAllConfig({}));
  const valueOf = <T>(output: pulumi.Output<T> | undefined) =>
    new Promise<T | undefined>(
      (resolve) => void pulumi.output(output).apply((value) => resolve(value as T | undefined)),
    );

  test("gives the Worker's secrets by variable, the alerts' address for Cloudflare too, all of them secret", async () => {
    const url = "https://hooks.example.com/x";
    const stack = run({ kimiApiKey: PLANTED, adminToken: LONG, alertWebhookUrl: url }, [
      "kimiApiKey",
      "adminToken",
      "alertWebhookUrl",
    ]);
    expect(Object.keys(stack.secrets)).toEqual(["KIMI_API_KEY", "ALERT_WEBHOOK_URL", "ADMIN_TOKEN"]);
    expect(await valueOf(stack.secrets.ADMIN_TOKEN)).toBe(LONG);
    expect(await valueOf(stack.alertWebhookUrl)).toBe(url);
    expect(await valueOf(stack.secrets.ALERT_WEBHOOK_URL)).toBe(url);
    for (const output of [...Object.values(stack.secrets), stack.alertWebhookUrl]) {
      expect(await pulumi.isSecret(output!)).toBe(true);
    }
    expect(JSON.stringify(stack.settings)).not.toContain(PLANTED);
  });

  test("has neither key where the stack has none", () => {
    const { secrets, cloudflare, ...stack } = run({}, []);
    expect([secrets, cloudflare, Object.keys(stack)]).toEqual([{}, {}, ["settings"]]);
  });

  test("hands on where Cloudflare is, its token as a secret even if the stack holds it in plain text", async () => {
    const { cloudflare } = run({}, [], { "cloudflare:baseUrl": "http://127.0.0.1:1", "cloudflare:apiToken": PLANTED });
    expect(cloudflare.baseUrl).toBe("http://127.0.0.1:1");
    expect(await valueOf(cloudflare.apiToken)).toBe(PLANTED);
    expect(await pulumi.isSecret(cloudflare.apiToken!)).toBe(true);
  });

  test("is not read when a secret cannot be right, and the refusal has nothing of it", () => {
    const attempt = () => run({ adminToken: PLANTED, kimiApiKey: PLANTED }, ["adminToken"]);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(pulumi.RunError); // of which the CLI prints the message alone
    expect(attempt).toThrow(/kimiApiKey: found a value in plain text[\s\S]*adminToken|adminToken[\s\S]*kimiApiKey/);
    expect(attempt).not.toThrow(new RegExp(PLANTED));
  });
});
