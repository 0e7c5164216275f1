import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { WandError } from "../contract/errors";
import { adminOnly, debugOnly, notFound } from "./http/adminToken";
import type { AppContext, AppEnv, Handler } from "./http/context";
import { answerError } from "./http/errors";
import { securityHeaders } from "./http/securityHeaders";
import { createLog } from "./log";
import { assets } from "./routes/assets";
import { debugContainer, debugErrors } from "./routes/debug";
import { favicon } from "./routes/favicon";
import { generationStatus } from "./routes/generationStatus";
import { health } from "./routes/health";
import { poolMemberHealth } from "./routes/poolMember";
import { robots } from "./routes/robots";
import { storefront } from "./routes/storefront";
import { storeRedirect } from "./routes/storeRedirect";
import { track, TRACK_BODY_BYTES } from "./routes/track";

type Method = "GET" | "POST";

/** The routes, with the one method each answers; GET answers HEAD too. */
const ROUTES: readonly [Method, string, Handler][] = [
  ["GET", "/s/:store", storefront],
  ["GET", "/", storeRedirect],
  ["GET", "/store", storeRedirect],
  ["GET", "/health", health],
  ["GET", "/api/generation/status", generationStatus],
  ["POST", "/api/shopper/track", track],
  ["GET", "/assets/*", assets],
  ["GET", "/robots.txt", robots],
  ["GET", "/favicon.ico", favicon],
];

/** For operators; whoever lacks the token sees no difference to a route that is not there. */
const ADMIN_ROUTES: readonly [Method, string, Handler, typeof adminOnly][] = [
  ["GET", "/api/pool/:member", poolMemberHealth, adminOnly],
  ["GET", "/debug/container", debugContainer, debugOnly],
  ["GET", "/debug/errors", debugErrors, debugOnly],
];

/** The Worker's HTTP side. */
export function createApp(): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    const requestId = crypto.randomUUID();
    c.set("requestId", requestId);
    c.set("log", createLog({ request_id: requestId }));
    await next();
  });
  app.use(securityHeaders);
  app.use(bodyLimit({ maxSize: TRACK_BODY_BYTES, onError: tooLarge }));
  for (const [method, path, handler] of ROUTES) {
    app.on(method, path, handler);
    app.all(path, methodNotAllowed(method));
  }
  for (const [method, path, handler, guard] of ADMIN_ROUTES) {
    app.on(method, path, guard(handler));
    app.all(path, guard(methodNotAllowed(method)));
  }
  app.notFound((c) => answerError(notFound(c), c));
  app.onError((error, c) => answerError(error, c));
  return app;
}

const methodNotAllowed =
  (method: Method): Handler =>
  (c) => {
    c.header("Allow", method === "GET" ? "GET, HEAD" : method);
    throw new WandError("METHOD_NOT_ALLOWED", `${c.req.path} does not take ${c.req.method}.`);
  };

function tooLarge(c: AppContext): never {
  throw new WandError("BODY_TOO_LARGE", `${c.req.path} takes up to ${TRACK_BODY_BYTES / 1024} KB.`);
}
