import type { VARS } from "../../runtime/contract/bindings";
import type { Settings } from "../config";

/** The Worker's plain-text variables. A type error here means that the contract and the config have come apart. */
export function workerVars(settings: Settings, buildId: string): Record<(typeof VARS)[number], string> {
  const { pool, cache, personalisation, llm, observability, alerts, budget } = settings;
  const { email: _email, ...thresholds } = alerts;
  return {
    ENVIRONMENT: settings.environment,
    BUILD_ID: buildId,
    POOL_SIZE: String(pool.size),
    MAX_QUEUE_DEPTH: String(pool.maxQueueDepth),
    GENERATION_CONCURRENCY: String(pool.concurrency),
    CONTAINER_SLEEP_AFTER: pool.sleepAfter,
    CACHE_TTL_SECONDS: String(cache.ttlSeconds),
    STALE_SECONDS: String(cache.staleSeconds),
    PERSONALISATION_SCOPE: personalisation.scope,
    GENERATION_TRIGGER: personalisation.trigger,
    LLM_PROVIDERS: JSON.stringify(llm.providers),
    LLM_FORMAT: llm.format,
    STORE_DAILY_BUDGET_USD: String(budget?.perStoreDailyUsd ?? ""),
    ALERT_RULES: JSON.stringify({ ...thresholds, ...(budget && { monthlyUsd: budget.monthlyUsd }) }),
    JOB_DEADLINE_MS: String(llm.deadlineMs),
    GENERATION_RETENTION_DAYS: String(observability.logRetentionDays),
    UNSIGNED_LINKS: String(settings.identity.unsignedLinks),
    DEBUG_ENABLED: String(settings.debug.enabled),
    DEFAULT_STORE: settings.stores[0] ?? "",
  };
}
