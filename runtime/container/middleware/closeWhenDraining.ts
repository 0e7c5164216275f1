import type { Middleware } from "koa";

/** A server that stops asks its callers not to use their connection again, so that it need not wait for them. */
export function closeWhenDraining(isDraining: () => boolean): Middleware {
  return async (ctx, next) => {
    await next();
    if (isDraining()) ctx.set("Connection", "close");
  };
}
