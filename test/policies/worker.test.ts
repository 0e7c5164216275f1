import { cacheTtlBounds } from "../../policies/rules/cacheTtlBounds";
import { compatibilityDate } from "../../policies/rules/compatibilityDate";
import { debugOffInProd } from "../../policies/rules/debugOffInProd";
import { durableObjectClassRemoval } from "../../policies/rules/durableObjectClassRemoval";
import { observabilityOn } from "../../policies/rules/observabilityOn";
import { unsignedLinksOffInProd } from "../../policies/rules/unsignedLinksOffInProd";
import { TYPES } from "../../policies/types";
import { judge, UNKNOWN, versionWith } from "./judge";

describe("cache-ttl-bounds", () => {
  test.each([
    [{ CACHE_TTL_SECONDS: "60", STALE_SECONDS: "0" }, 0],
    [{ CACHE_TTL_SECONDS: "86400", STALE_SECONDS: "86400" }, 0],
    [{ CACHE_TTL_SECONDS: "0" }, 1],
    [{ CACHE_TTL_SECONDS: "59" }, 1],
    [{ CACHE_TTL_SECONDS: "86401" }, 1],
    [{ CACHE_TTL_SECONDS: "1h" }, 1],
    [{ CACHE_TTL_SECONDS: "3600", STALE_SECONDS: "-1" }, 1],
    [{ OTHER_SECONDS: "0" }, 0],
  ])("%j gives %d", async (variables, violations) => {
    expect(await judge(cacheTtlBounds, versionWith(variables))).toHaveLength(violations);
  });

  const store = (ttl: unknown) => JSON.stringify({ settings: { cache_ttl_seconds: ttl } });
  test.each([
    [{ keyName: "store:acme", value: store(3600) }, 0],
    [{ keyName: "store:acme", value: store(undefined) }, 0],
    [{ keyName: "store:acme", value: store(5) }, 1],
    [{ keyName: "other:acme", value: store(5) }, 0],
    [{ keyName: "store:acme", value: UNKNOWN }, 0],
    [{ keyName: "flag", value: "on", expirationTtl: 60 }, 0],
    [{ keyName: "flag", value: "on", expirationTtl: 59 }, 1],
  ])("a KV value %j gives %d", async (props, violations) => {
    expect(await judge(cacheTtlBounds, { type: TYPES.kvValue, props })).toHaveLength(violations);
  });
});

describe("compatibility-date", () => {
  const rule = compatibilityDate(() => Date.parse("2026-11-21T12:00:00Z"));
  const dated = (date: unknown, ENVIRONMENT = "prod") => versionWith({ ENVIRONMENT }, { compatibilityDate: date });
  test.each([
    ["2026-07-01", 0],
    ["2026-11-21", 0],
    ["2025-11-21", 0],
    ["2025-11-20", 1],
    ["2026-11-22", 1],
    ["soon", 1],
    [undefined, 1], // Cloudflare takes the oldest
    [UNKNOWN, 0],
  ])("on 21 November 2026 %s gives %d", async (date, violations) => {
    expect(await judge(rule, dated(date))).toHaveLength(violations);
  });

  test("says how old it is; on a machine of one's own it may be", async () => {
    expect(await judge(rule, dated("2024-11-21"))).toEqual([
      "The compatibility date 2024-11-21 is 730 days old; allowed are 365.",
    ]);
    expect(await judge(rule, dated("2024-11-21", "dev"))).toEqual([]);
    expect(await judge(rule, dated("2024-11-21"), { mostDays: 1000 })).toEqual([]);
  });

  test("the provider's own resource goes by the stack's name where it names no environment", async () => {
    const script = { type: TYPES.script, props: { compatibilityDate: "2020-01-01" } };
    expect(await judge(rule, { ...script, stack: "prod" })).toHaveLength(1);
    expect(await judge(rule, { ...script, stack: "dev" })).toEqual([]);
  });
});

describe("observability-on", () => {
  test.each([
    [TYPES.worker, { observability: { enabled: true, headSamplingRate: 0.1 } }, 0],
    [TYPES.worker, { observability: { enabled: true } }, 0],
    [TYPES.worker, { observability: UNKNOWN }, 0],
    [TYPES.worker, { observability: { enabled: true, headSamplingRate: 0 } }, 1],
    [TYPES.worker, { observability: { enabled: false } }, 1],
    [TYPES.worker, { observability: { enabled: true, logs: { enabled: true, invocationLogs: false } } }, 0],
    [TYPES.worker, { observability: { enabled: true, headSamplingRate: 0, logs: { headSamplingRate: 1 } } }, 0],
    [TYPES.worker, { observability: { enabled: true, logs: { enabled: false } } }, 1],
    [TYPES.worker, { observability: { enabled: true, headSamplingRate: 1, logs: { headSamplingRate: 0 } } }, 1],
    [TYPES.worker, {}, 1],
    [TYPES.script, {}, 1],
    [TYPES.workerVersion, {}, 0], // the logs of ours are the Worker's
  ])("%s %j gives %d", async (type, props, violations) => {
    expect(await judge(observabilityOn, { type, props })).toHaveLength(violations);
  });

  test.each([
    ["7", 0],
    ["30", 0],
    ["6", 1],
    ["all", 1],
    [UNKNOWN, 0],
  ])("rows kept for %s days give %d", async (days, violations) => {
    expect(await judge(observabilityOn, versionWith({ GENERATION_RETENTION_DAYS: days }))).toHaveLength(violations);
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
    ["shop", "true", 0],
    ["prod", UNKNOWN, 0],
  ])("%s with %s gives %d", async (environment, value, violations) => {
    expect(await judge(rule, versionWith({ ENVIRONMENT: environment, [variable]: value }))).toHaveLength(violations);
  });

  test("a production Worker that does not say it is refused, another Worker of such a stack is not", async () => {
    expect(await judge(rule, versionWith({ ENVIRONMENT: "prod" }))).toHaveLength(1);
    expect(await judge(rule, { ...versionWith({ OTHER: "x" }), stack: "prod" })).toEqual([]);
    expect(await judge(rule, { ...versionWith({ [variable]: "true" }), stack: "prod" })).toHaveLength(1);
  });

  test("shops can be held to it, too", async () => {
    const shop = versionWith({ ENVIRONMENT: "shop", [variable]: "true" });
    expect(await judge(rule, shop, { environments: ["prod", "shop"] })).toHaveLength(1);
  });
});

describe("durable-object-class-removal", () => {
  const v1 = { tag: "v1", newSqliteClasses: ["Queue", "Old"] };
  test.each([
    [TYPES.workerVersion, [v1, { tag: "v2", renamedClasses: [{ from: "Old", to: "New" }] }], 0],
    [TYPES.workerVersion, [v1, { tag: "v2", deletedClasses: ["Old"] }], 1],
    [TYPES.script, { newTag: "v2", deletedClasses: ["Old"] }, 1],
    [TYPES.plainVersion, { newTag: "v2", steps: [{ deletedClasses: ["Old", "Queue"] }] }, 2],
    [TYPES.plainVersion, { newTag: "v2", steps: [{ newSqliteClasses: ["Old"] }] }, 0],
    [TYPES.workerVersion, UNKNOWN, 0],
  ])("%s %j gives %d", async (type, migrations, violations) => {
    expect(await judge(durableObjectClassRemoval, { type, props: { migrations } })).toHaveLength(violations);
  });

  test("is fine for the class that somebody has named, and for no other", async () => {
    const removal = {
      type: TYPES.workerVersion,
      props: { migrations: [{ tag: "v2", deletedClasses: ["Old", "New"] }] },
    };
    expect(await judge(durableObjectClassRemoval, removal, { allowed: ["Old"] })).toEqual([
      "A migration removes the Durable Object class New.",
    ]);
  });
});
