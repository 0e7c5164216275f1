import { storeKey } from "../../contract/keys";
import { within } from "../deadline";
import type { Env } from "../env";
import type { AppContext } from "../http/context";
import { settingsOf } from "../settings";

const DEADLINE_MS = 2_000;

type Check = "ok" | "failed" | "timeout";

/** `GET /health`: whether what pages need answers; 503 when something does not. */
export async function health(c: AppContext): Promise<Response> {
  const names = Object.keys(PROBES) as (keyof typeof PROBES)[];
  const entries = await Promise.all(names.map(async (name) => [name, await check(PROBES[name], c)] as const));
  const healthy = entries.every(([, result]) => result === "ok");
  const { BUILD_ID: version, ENVIRONMENT: environment } = c.env;
  const body = { status: healthy ? "healthy" : "unhealthy", version, environment, checks: Object.fromEntries(entries) };
  return c.json(body, healthy ? 200 : 503);
}

const PROBES = {
  settings: async (env: Env) => settingsOf(env),
  stores: (env: Env) => env.STORES.get(storeKey(env.DEFAULT_STORE), "stream").then((stream) => stream?.cancel()),
  ui_cache: (env: Env) => env.UI_CACHE.get("health"),
  sessions: (env: Env) => env.SHOPPER_SESSIONS.get("health"),
  queue_records: (env: Env) => env.GENERATION_QUEUE.get("health"),
  ui_storage: (env: Env) => env.UI_STORAGE.head("health"),
  db: (env: Env) => env.DB.prepare("SELECT 1").first(),
  durable_objects: (env: Env) => env.METRICS.get(env.METRICS.idFromName("metrics")).totals(Date.now()),
} as const satisfies Record<string, (env: Env) => Promise<unknown>>;

async function check(probe: (env: Env) => Promise<unknown>, c: AppContext): Promise<Check> {
  try {
    const work = Promise.resolve(c.env).then(probe);
    return await within(
      DEADLINE_MS,
      work.then((): Check => "ok"),
      "timeout",
    );
  } catch (error) {
    c.var.log.error("health_check_failed", error);
    return "failed";
  }
}
