import { randomUUID } from "node:crypto";
import type { Middleware } from "koa";
import { REQUEST_ID_HEADER } from "../../contract/generate";

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Takes the caller's request id where it is a plain one, else makes one; answers with it. */
export function requestId(): Middleware {
  return async (ctx, next) => {
    const given = ctx.get(REQUEST_ID_HEADER);
    ctx.state.requestId = ACCEPTED.test(given) ? given : randomUUID();
    ctx.set(REQUEST_ID_HEADER, ctx.state.requestId);
    await next();
  };
}
