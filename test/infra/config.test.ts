import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ConfigError, parseSettings } from "../../infra/config";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const least = { "wandstore:environment": "dev", "wandstore:accountId": ACCOUNT, "wandstore:stores": '["magic-wands"]' };
const withKey = (key: string, value: unknown): Record<string, string> => ({
  ...least,
  [`wandstore:${key}`]: typeof value === "string" ? value : JSON.stringify(value),
});
const problemsOf = (raw: Record<string, string>, env = {}): readonly string[] => {
  try {
    parseSettings(raw, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test("the least config there is gets every default", () => {
  expect(parseSettings(least, {})).toEqual({
    environment: "dev",
    accountId: ACCOUNT,
    worker: { subdomain: true, compatibilityDate: "2026-07-01" },
    pool: { size: 10, maxQueueDepth: 100, concurrency: 4, sleepAfter: "5m", instanceType: "lite" },
    cache: { ttlSeconds: 3600, staleSeconds: 86400 },
    personalisation: { scope: "shopper", trigger: "first-visit" },
    llm: { providers: [], deadlineMs: 60000 },
    identity: { unsignedLinks: true },
    debug: { enabled: true },
    stores: ["magic-wands"],
    protect: false,
  });
});

test("the account may come from the environment, and the stack's own wins", () => {
  const { "wandstore:accountId": _, ...without } = least;
  const other = "f".repeat(32);
  expect(parseSettings(without, { CLOUDFLARE_ACCOUNT_ID: other }).accountId).toBe(other);
  expect(parseSettings(least, { CLOUDFLARE_ACCOUNT_ID: other }).accountId).toBe(ACCOUNT);
  expect(problemsOf(without)).toEqual([
    "accountId: found nothing; set CLOUDFLARE_ACCOUNT_ID or `pulumi config set wandstore:accountId …`",
  ]);
});

test("an account id of digits alone stays a string", () => {
  expect(parseSettings(withKey("accountId", "1".repeat(32)), {}).accountId).toBe("1".repeat(32));
});

test.each([
  ["pool", { size: 0 }, "pool.size: found 0; expected at least 1"],
  ["pool", { size: 51 }, "pool.size: found 51; expected at most 50"],
  ["pool", { size: 2.5 }, "pool.size: found 2.5; expected a whole number"],
  ["pool", { size: "10" }, 'pool.size: found "10"; expected a number'],
  ["pool", { sise: 10 }, "pool.sise: no such key; see infra/config/settings.ts for the keys there are"],
  [
    "pool",
    { sleepAfter: "5 minutes" },
    'pool.sleepAfter: found "5 minutes"; expected a number and s, m or h, such as 5m',
  ],
  ["poool", { size: 10 }, "poool: no such key; see infra/config/settings.ts for the keys there are"],
  ["pool", "ten", 'pool: found "ten"; expected an object'],
  ["cache", { ttlSeconds: 59 }, "cache.ttlSeconds: found 59; expected at least 60"],
  ["environment", "live", 'environment: found "live"; expected one of dev, staging, prod, shop'],
  ["accountId", "abc", 'accountId: found "abc"; expected the account\'s 32 hex digits'],
  ["stores", [], "stores: found []; expected at least one store, the name of a folder below stores/"],
  ["stores", ["a-shop", "a-shop"], 'stores[1]: found "a-shop"; is named twice; name each store once'],
  [
    "stores",
    ["../etc"],
    'stores[0]: found "../etc"; expected a slug: 2 to 40 lower-case letters, digits and single hyphens',
  ],
  [
    "worker",
    { domain: "http://shop" },
    'worker.domain: found "http://shop"; expected a host name such as shop.example.com',
  ],
  [
    "worker",
    { subdomain: false },
    "worker.subdomain: found false; without worker.domain nobody could reach the shop; set one, or true here",
  ],
  [
    "llm",
    { providers: [{ kind: "gpt", model: "x" }] },
    'llm.providers[0].kind: found "gpt"; expected one of kimi, claude, openai',
  ],
  ["protect", "yes", 'protect: found "yes"; expected a boolean'],
])("%s %j is refused with where, what was found and what is allowed", (key, value, problem) => {
  expect(problemsOf(withKey(key, value))).toEqual([problem]);
});

test.each([
  ["pool", { size: 1 }],
  ["pool", { size: 50 }],
  ["cache", { ttlSeconds: 60 }],
  ["worker", { domain: "shop.example.com", subdomain: false }],
  ["llm", { providers: [{ kind: "openai", model: "m", baseUrl: "http://127.0.0.1:9/v1" }] }],
])("%s %j is just inside", (key, value) => {
  expect(problemsOf(withKey(key, value))).toEqual([]);
});

test("everything that is wrong is said in one message", () => {
  const problems = problemsOf({ "wandstore:environment": "live", "wandstore:pool": '{"size":99,"sise":1}' });
  expect(problems).toHaveLength(5);
  expect(new ConfigError("CONFIG_INVALID", problems).message).toContain("cannot be used:\n  - environment:");
});

describe("production", () => {
  const prod = { ...least, "wandstore:environment": "prod" };

  test("is protected, without debug routes and unsigned links", () => {
    const settings = parseSettings(prod, {});
    expect([settings.protect, settings.debug.enabled, settings.identity.unsignedLinks]).toEqual([true, false, false]);
  });

  test("refuses to have them turned on", () => {
    const raw = { ...prod, "wandstore:debug": '{"enabled":true}', "wandstore:identity": '{"unsignedLinks":true}' };
    expect(problemsOf(raw)).toEqual([
      "debug.enabled: found true; debug routes are never open in prod; set it to false",
      "identity.unsignedLinks: found true; in prod anyone could act as any shopper; set it to false",
    ]);
  });
});

test("secrets and other namespaces are left alone", () => {
  expect(
    problemsOf({ ...least, "wandstore:kimiApiKey": "not json", "cloudflare:baseUrl": "http://127.0.0.1" }),
  ).toEqual([]);
});

test.each(["dev", "staging", "prod"])("Pulumi.%s.yaml can be deployed as it is", (stack) => {
  const text = readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8");
  const { config } = parse(text) as { config: Record<string, unknown> };
  const raw = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  expect(parseSettings(Object.fromEntries(raw), { CLOUDFLARE_ACCOUNT_ID: ACCOUNT }).environment).toBe(stack);
});

test("a value that the stack keeps secret is not repeated where it is wrong", () => {
  const raw = withKey("accountId", "planted-secret");
  const messageOf = (isSecret: (key: string) => boolean): string => {
    try {
      parseSettings(raw, {}, isSecret);
    } catch (error) {
      return String(error);
    }
    return "";
  };
  expect(messageOf(() => false)).toContain("planted-secret");
  expect(messageOf((key) => key === "wandstore:accountId")).toMatch(/accountId: found a secret; /);
  expect(messageOf((key) => key === "wandstore:accountId")).not.toContain("planted-secret");
});
