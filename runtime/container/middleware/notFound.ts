import type { Middleware } from "koa";
import { WandError } from "../../contract/errors";

/** Answers for the router where no route's path is the request's. */
export function notFound(): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.status === 404 && ctx.body == null) {
      throw new WandError("NOT_FOUND", "There is no such route. This server has POST /generate and GET /health.");
    }
  };
}
