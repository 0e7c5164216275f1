import { ConfigError, parseSettings } from "../../infra/config";
import { ENVIRONMENT_DEFAULTS, ENVIRONMENTS } from "../../infra/config/defaults";
import { ACCOUNT, asRaw, least, problemsOf, readStackFile, STACKS } from "./stackFile";

test("the least config there is gets every default", () => {
  expect(parseSettings(least(), {})).toEqual({
    environment: "dev",
    accountId: ACCOUNT,
    stores: ["magic-wands"],
    protect: false,
    worker: { subdomain: true, rollout: 100, compatibilityDate: "2026-07-01" },
    pool: {
      size: 10,
      maxQueueDepth: 100,
      concurrency: 4,
      sleepAfter: "5m",
      instanceType: "lite",
      verify: { enabled: false, timeoutSeconds: 600 },
    },
    cache: { ttlSeconds: 3600, staleSeconds: 86400 },
    personalisation: { scope: "shopper", trigger: "first-visit" },
    llm: { providers: [], format: "layout", deadlineMs: 60000 },
    identity: { unsignedLinks: true },
    rotation: { shopperSigningKey: 1, webhookSigningKey: 1, adminToken: 1 },
    debug: { enabled: true },
    observability: { logRetentionDays: 7, sampling: 1 },
    alerts: { email: [], cacheHitPercent: 70, generationP95Seconds: 15, coldStartSeconds: 10, modelErrorPercent: 5 },
  });
});

test.each(ENVIRONMENTS)("in %s the defaults are those of the table, and a value of the stack wins", (environment) => {
  const { pool, identity, debug, protect } = parseSettings(least({ environment }), {});
  expect({
    "pool.verify.enabled": pool.verify.enabled,
    "identity.unsignedLinks": identity.unsignedLinks,
    "debug.enabled": debug.enabled,
    protect,
  }).toEqual(
    Object.fromEntries(Object.entries(ENVIRONMENT_DEFAULTS).map(([key, values]) => [key, values[environment]])),
  );
  const turned = parseSettings(least({ environment, protect: !protect, debug: { enabled: false } }), {});
  expect([turned.protect, turned.debug.enabled]).toEqual([!protect, false]);
});

test("workers.dev is off where the shop has a domain, unless the stack says otherwise", () => {
  const subdomainOf = (worker: object) => parseSettings(least({ worker }), {}).worker.subdomain;
  expect(subdomainOf({})).toBe(true);
  expect(subdomainOf({ domain: "shop.example.com" })).toBe(false);
  expect(subdomainOf({ domain: "shop.example.com", subdomain: true })).toBe(true);
});

test("the account may come from the environment, and the stack's own wins", () => {
  const without = asRaw({ environment: "dev", stores: ["magic-wands"] });
  const other = "f".repeat(32);
  expect(parseSettings(without, { CLOUDFLARE_ACCOUNT_ID: other }).accountId).toBe(other);
  expect(parseSettings(least(), { CLOUDFLARE_ACCOUNT_ID: other }).accountId).toBe(ACCOUNT);
  const nothing = "accountId: found nothing; set CLOUDFLARE_ACCOUNT_ID or `pulumi config set wandstore:accountId …`";
  expect(problemsOf(without)).toEqual([nothing]);
  expect(problemsOf(without, { CLOUDFLARE_ACCOUNT_ID: "" })).toEqual([nothing]);
});

const IMAGE = `registry.cloudflare.com/${ACCOUNT}/wandstore-generator`;
const DIGEST = `sha256:${"ab".repeat(32)}`;
const HEX_IMAGE =
  "expected an image by its digest, such as registry.cloudflare.com/{account}/wandstore-generator@sha256:{64 hex digits}";

test.each<[key: string, value: unknown, problem: string]>([
  ["environment", "live", 'environment: found "live"; expected one of dev, staging, prod, shop'],
  ["accountId", "abc", 'accountId: found "abc"; expected the account\'s 32 hex digits, in quotes'],
  ["stores", [], "stores: found []; expected at least one store, the name of a folder below stores/"],
  ["stores", ["a-shop", "a-shop"], 'stores[1]: found "a-shop"; is named twice; name each store once'],
  [
    "stores",
    ["../etc"],
    'stores[0]: found "../etc"; expected a slug: 2 to 40 lower-case letters, digits and single hyphens',
  ],
  ["stores", "magic-wands", 'stores: found "magic-wands"; expected a list'],
  ["protect", "yes", 'protect: found "yes"; expected true or false'],
  ["edgeUrl", "ftp://here", 'edgeUrl: found "ftp://here"; expected an address such as http://127.0.0.1:8787'],
  ["worker", { name: "Shop" }, 'worker.name: found "Shop"; expected 1 to 63 lower-case letters, digits and hyphens'],
  [
    "worker",
    { domain: "http://shop" },
    'worker.domain: found "http://shop"; expected a host name such as shop.example.com',
  ],
  ["worker", { rollout: 101 }, "worker.rollout: found 101; expected at most 100"],
  ["worker", { rollout: -1 }, "worker.rollout: found -1; expected at least 0"],
  ["worker", { rollout: 0.5 }, "worker.rollout: found 0.5; expected a whole number"],
  [
    "worker",
    { compatibilityDate: "2026-02-30" },
    'worker.compatibilityDate: found "2026-02-30"; expected a date such as 2026-07-01, in quotes',
  ],
  ["pool", { size: 0 }, "pool.size: found 0; expected at least 1"],
  ["pool", { size: 51 }, "pool.size: found 51; expected at most 50"],
  ["pool", { size: 2.5 }, "pool.size: found 2.5; expected a whole number"],
  ["pool", { size: "10" }, 'pool.size: found "10"; expected a number'],
  [
    "pool",
    { sleepAfter: "5 minutes" },
    'pool.sleepAfter: found "5 minutes"; expected a number and s, m or h, such as 5m',
  ],
  ["pool", { verify: { timeoutSeconds: 29 } }, "pool.verify.timeoutSeconds: found 29; expected at least 30"],
  ["pool", { verify: { timeoutSeconds: 1801 } }, "pool.verify.timeoutSeconds: found 1801; expected at most 1800"],
  ["pool", { verify: true }, "pool.verify: found true; expected a group of settings"],
  ["pool", "ten", 'pool: found "ten"; expected a group of settings'],
  ["cache", { ttlSeconds: 59 }, "cache.ttlSeconds: found 59; expected at least 60"],
  ["personalisation", { scope: "all" }, 'personalisation.scope: found "all"; expected one of shopper, cohort'],
  [
    "llm",
    { providers: [{ kind: "gpt", model: "x" }] },
    'llm.providers[0].kind: found "gpt"; expected one of kimi, claude, openai',
  ],
  ["llm", { providers: [{ kind: "kimi" }] }, "llm.providers[0].model: found nothing; expected a text"],
  [
    "llm",
    { providers: [{ kind: "kimi", model: "" }] },
    'llm.providers[0].model: found ""; expected a length of at least 1',
  ],
  ["llm", { format: "json" }, 'llm.format: found "json"; expected one of layout, html'],
  ["image", { ref: `${IMAGE}:latest` }, `image.ref: found "${IMAGE}:latest"; ${HEX_IMAGE}`],
  ["image", { buildId: "0123456789ab" }, "image.ref: found nothing; expected a text"],
  ["observability", { logRetentionDays: 31 }, "observability.logRetentionDays: found 31; expected at most 30"],
  ["observability", { sampling: 1.01 }, "observability.sampling: found 1.01; expected at most 1"],
  ["alerts", { email: ["ops"] }, 'alerts.email[0]: found "ops"; expected an email address such as ops@example.com'],
  [
    "alerts",
    { email: ["a@b.io", "a@b.io"] },
    'alerts.email[1]: found "a@b.io"; is named twice; name each address once',
  ],
  ["alerts", { email: ["a@b.io"], cacheHitPercent: 101 }, "alerts.cacheHitPercent: found 101; expected at most 100"],
  [
    "alerts",
    { email: ["a@b.io"], runbookUrl: "docs/runbooks" },
    'alerts.runbookUrl: found "docs/runbooks"; expected an address such as https://wiki.example.com/runbooks/',
  ],
  ["budget", { perStoreDailyUsd: 1 }, "budget.monthlyUsd: found nothing; expected a number"],
  ["budget", { monthlyUsd: 0 }, "budget.monthlyUsd: found 0; expected at least 1"],
  [
    "rollback",
    {
      release: "yesterday",
      versionId: "0a1b2c3d-0000-4000-8000-000000000000",
      image: `${IMAGE}@${DIGEST}`,
    },
    'rollback.release: found "yesterday"; expected a release\'s id such as 20260701T101500Z-0a1b2c3d',
  ],
])("%s %j is refused with where, what was found and what is allowed", (key, value, problem) => {
  expect(problemsOf(least({ [key]: value }))).toEqual([problem]);
});

test.each<[key: string, value: unknown]>([
  ["pool", { size: 1 }],
  ["pool", { size: 50 }],
  ["pool", { verify: { timeoutSeconds: 30 } }],
  ["cache", { ttlSeconds: 60 }],
  ["worker", { rollout: 0 }],
  ["worker", { domain: "shop.example.com", subdomain: false }],
  ["llm", { providers: [{ kind: "openai", model: "m", baseUrl: "http://127.0.0.1:9/v1" }] }],
  ["observability", { sampling: 0 }],
  ["alerts", { email: ["a@b.io", "b@b.io"] }],
  ["alerts", { email: ["a@b.io"], runbookUrl: "http://wiki.local/#" }],
  ["image", { ref: `${IMAGE}@${DIGEST}` }],
  ["image", { ref: `127.0.0.1:5000/team/generator@${DIGEST}`, buildId: "0123456789ab" }],
])("%s %j is just inside", (key, value) => {
  expect(problemsOf(least({ [key]: value }))).toEqual([]);
});

describe("a key that is unknown", () => {
  test.each([
    [least({ pool: { sise: 10 } }), "pool.sise: no such key; did you mean size?"],
    [least({ pool: { verify: { enable: true } } }), "pool.verify.enable: no such key; did you mean enabled?"],
    [least({ poool: { size: 10 } }), "poool: no such key; did you mean pool?"],
    [least({ kimiAPIKey: "x" }), "kimiAPIKey: no such key; did you mean kimiApiKey?"],
    [least({ debug: { verbose: true } }), "debug.verbose: no such key; allowed here: enabled"],
    [
      least({ llm: { providers: [{ kind: "kimi", model: "m", url: "x" }] } }),
      "llm.providers[0].url: no such key; allowed here: kind, model, baseUrl",
    ],
  ])("is told with the key that is meant, or those there are: %j", (raw, problem) => {
    expect(problemsOf(raw)).toEqual([problem]);
  });

  test("is told without its value, which may be a secret under a wrong name", () => {
    expect(problemsOf(least({ openAiToken: "planted-secret" })).join()).not.toContain("planted");
  });

  test("is not judged in another namespace", () => {
    expect(problemsOf({ ...least(), "cloudflare:baseUrl": "http://127.0.0.1", "other:pool": "x" })).toEqual([]);
  });
});

test("everything that is wrong is said in one message: types, ranges, unknown keys, contradictions and secrets", () => {
  const raw = asRaw({
    environment: "prod",
    pool: { size: 99, sise: 1 },
    debug: { enabled: true },
    colour: "red",
    adminToken: "planted",
  });
  const problems = problemsOf(raw);
  expect(problems.map((problem) => problem.split(":")[0])).toEqual([
    "colour",
    "accountId",
    "stores",
    "pool.size",
    "pool.sise",
    "debug.enabled",
    "adminToken",
  ]);
  const { message } = new ConfigError("CONFIG_INVALID", problems);
  expect(message).toMatch(/cannot be used:\n {2}- colour:[\s\S]*\nEvery key is in docs\/reference\/config\.md\.$/);
  expect(message).not.toContain("planted");
});

test("a long value is cut where it is told", () => {
  const [problem = ""] = problemsOf(least({ pool: "x".repeat(5000) }));
  expect(problem.length).toBeLessThan(300);
});

test.each(STACKS)("Pulumi.%s.yaml can be deployed with nothing but an account", (stack) => {
  const config = Object.entries(readStackFile(stack)).map(([key, value]) => [key.replace("wandstore:", ""), value]);
  const raw = asRaw(Object.fromEntries(config) as Record<string, unknown>);
  expect(problemsOf(raw, { CLOUDFLARE_ACCOUNT_ID: ACCOUNT })).toEqual([]);
  expect(parseSettings(raw, { CLOUDFLARE_ACCOUNT_ID: ACCOUNT }).environment).toBe(stack);
});
