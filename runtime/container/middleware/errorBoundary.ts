import type { Middleware } from "koa";
import { toErrorBody, type ErrorBody } from "../../contract/errors";
import type { GenerateErrorResponse } from "../../contract/generate";
import { CallerGone } from "../deadline";
import type { Logger } from "../log";

/** nginx's status for a caller who hung up; it is only ever seen in the log. */
const CLIENT_CLOSED_REQUEST = 499;

/** Shapes the body of an error; a route for another wire format sets its own as `ctx.state.errorShape`. */
export type ErrorShape = (error: ErrorBody["error"]) => object;

const canonicalShape: ErrorShape = (error): GenerateErrorResponse => ({
  status: "error",
  ui: null,
  meta: { generated_at: new Date().toISOString() },
  error,
});

/** The one place that turns what was thrown into what the caller sees, and logs it once. */
export function errorBoundary(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (error instanceof CallerGone) {
        ctx.status = CLIENT_CLOSED_REQUEST;
        return;
      }
      const { status, body } = toErrorBody(error);
      const shape: ErrorShape = ctx.state.errorShape ?? canonicalShape;
      ctx.status = status;
      ctx.body = shape(body.error);
      const line = { event: "error", request_id: ctx.state.requestId, code: body.error.code, field: body.error.field };
      // Only what nobody foresaw needs its stack; it was thrown by our code, which puts no secret in a message.
      if (body.error.code === "INTERNAL") log.error({ ...line, stack: stackOf(error) }, "unforeseen error");
      else log.warn(line, "request refused");
    }
  };
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
