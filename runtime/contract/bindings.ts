/** Names of the Worker's bindings. The Pulumi program writes them, the Worker reads them: this is their one source. */
export const KV_BINDINGS = ["UI_CACHE", "GENERATION_QUEUE", "SHOPPER_SESSIONS", "STORES"] as const;
export const D1_BINDING = "DB";
export const R2_BINDING = "UI_STORAGE";

/** Durable Object classes and the bindings they are reached by. */
export const DURABLE_OBJECTS = {
  POOL: "GenerationQueue",
  GENERATOR: "AIGeneratorContainer",
  SHOPPER: "Shopper",
  METRICS: "Metrics",
  STORE_SYNC: "StoreSync",
} as const;
/** The one class that has a container. */
export const CONTAINER_CLASS = DURABLE_OBJECTS.GENERATOR;

/** Plain-text variables, all strings as Workers have them. */
export const VARS = [
  "ENVIRONMENT", // dev | staging | prod | shop
  "BUILD_ID", // first 12 hex digits of the bundle's SHA-256
  "POOL_SIZE",
  "MAX_QUEUE_DEPTH",
  "GENERATION_CONCURRENCY",
  "CONTAINER_SLEEP_AFTER", // such as 5m
  "CACHE_TTL_SECONDS",
  "STALE_SECONDS",
  "PERSONALISATION_SCOPE", // shopper | cohort
  "GENERATION_TRIGGER", // first-visit | returning
  "LLM_PROVIDERS", // JSON array of {kind, model, baseUrl?}; [] means the template alone
  "LLM_FORMAT", // layout | html
  "STORE_DAILY_BUDGET_USD", // what models may cost a store a day; empty for no limit
  "ALERT_RULES", // JSON object of the thresholds that the Worker judges its own figures by
  "JOB_DEADLINE_MS",
  "GENERATION_RETENTION_DAYS", // how long D1 keeps a row of each generation
  "UNSIGNED_LINKS", // true | false
  "DEBUG_ENABLED", // true | false
  "DEFAULT_STORE",
] as const;

/** Secrets that are always there, and those that a stack may have. */
export const SECRETS = ["SHOPPER_SIGNING_KEY", "ADMIN_TOKEN", "WEBHOOK_SIGNING_KEY"] as const;
export const OPTIONAL_SECRETS = [
  "KIMI_API_KEY",
  "CLAUDE_API_KEY",
  "LLM_API_KEY",
  "SHOPIFY_WEBHOOK_SECRETS",
  "ALERT_WEBHOOK_URL",
] as const;

/** Port the generator listens on inside its container. */
export const CONTAINER_PORT = 8080;
