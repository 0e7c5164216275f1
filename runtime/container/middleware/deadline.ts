import type { Middleware } from "koa";
import { DEADLINE_HEADER } from "../../contract/generate";
import { CallerGone, startDeadline } from "../deadline";

/** Starts the clock of a generation before its body is read, and notices a caller who hangs up. */
export function deadline(): Middleware {
  return async (ctx, next) => {
    const caller = new AbortController();
    ctx.res.once("close", () => {
      if (!ctx.res.writableFinished) caller.abort(new CallerGone("The caller hung up."));
    });
    const header = ctx.get(DEADLINE_HEADER);
    ctx.state.deadline = startDeadline(header === "" ? undefined : header, caller.signal);
    await next();
  };
}
