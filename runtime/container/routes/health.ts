import type { Middleware } from "koa";
import type { Models } from "../llm/models";

/** Version of the wire contract this server speaks; which code it is says `build_id`. */
const CONTRACT_VERSION = "1.0.0";

export interface Health {
  status: "healthy";
  version: string;
  build_id: string;
  uptime_seconds: number;
  /** Only what this process can know: it holds no Cloudflare credential, so it has no `kv_connection` to report. */
  checks: { llm_api: ReturnType<Models["state"]> };
}

/** `GET /health`. Healthy without a model too: the template makes the pages then. */
export function healthRoute(deps: { models: Models; buildId: string }): Middleware {
  return (ctx) => {
    const health: Health = {
      status: "healthy",
      version: CONTRACT_VERSION,
      build_id: deps.buildId,
      uptime_seconds: Math.floor(process.uptime()),
      checks: { llm_api: deps.models.state() },
    };
    ctx.set("Cache-Control", "no-store");
    ctx.body = health;
  };
}
