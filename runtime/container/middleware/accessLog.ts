import type { Middleware } from "koa";
import type { Logger } from "../log";

/** One line per request. The route's pattern instead of its address: an address can carry anything. */
export function accessLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    log.info(
      {
        event: "request",
        request_id: ctx.state.requestId,
        method: ctx.method,
        route: ctx.matched?.[0]?.path ?? "none",
        status: ctx.status,
        ms: Math.round(performance.now() - start),
      },
      "request",
    );
  };
}
