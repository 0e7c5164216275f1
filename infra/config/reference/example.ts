/** Values of a production stack as its file has them, secrets left out. A test deploys none of it and parses all of it. */
export const EXAMPLE: Readonly<Record<string, unknown>> = {
  environment: "prod",
  accountId: "0123456789abcdef0123456789abcdef",
  stores: ["magic-wands", "moss-and-kettle"],
  worker: { domain: "shop.example.com", zone: "example.com", rollout: 10 },
  pool: { size: 20, sleepAfter: "5m", verify: { timeoutSeconds: 900 } },
  image: {
    ref: `registry.cloudflare.com/0123456789abcdef0123456789abcdef/wandstore-generator@sha256:${"0123456789abcdef".repeat(4)}`,
    buildId: "0123456789ab",
  },
  cache: { ttlSeconds: 1800 },
  personalisation: { scope: "cohort" },
  llm: { providers: [{ kind: "kimi", model: "kimi-k2.6" }] },
  observability: { logRetentionDays: 14, sampling: 0.5 },
  alerts: { email: ["ops@example.com"], cacheHitPercent: 80, runbookUrl: "https://wiki.example.com/runbooks/" },
  budget: { monthlyUsd: 3000, perStoreDailyUsd: 20 },
};
