import type { Context } from "hono";
import type { Env } from "../env";
import type { Log } from "../log";

/** What Hono carries through a request. */
export interface AppEnv {
  Bindings: Env;
  Variables: { requestId: string; log: Log };
}

export type AppContext = Context<AppEnv>;
export type Handler = (c: AppContext) => Response | Promise<Response>;

/** Runs work behind the answer; what it throws is logged, since nobody waits for it. */
export function behind(c: AppContext, event: string, work: Promise<unknown>): void {
  c.executionCtx.waitUntil(work.catch((error: unknown) => c.var.log.error(event, error)));
}
