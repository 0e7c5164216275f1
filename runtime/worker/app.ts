import { Hono } from "hono";
import { except } from "hono/combine";
import { WandError } from "../contract/errors";
import { adminOnly, debugOnly, notFound } from "./http/adminToken";
import type { AppEnv, Handler } from "./http/context";
import { answerError } from "./http/errors";
import { securityHeaders } from "./http/securityHeaders";
import { wholeBody } from "./http/wholeBody";
import { createLog } from "./log";
import { assets } from "./routes/assets";
import { cart } from "./routes/cart";
import { consent } from "./routes/consent";
import { cspReport } from "./routes/cspReport";
import { debugContainer, debugErrors } from "./routes/debug";
import { debugGenerate } from "./routes/debugGenerate";
import { favicon } from "./routes/favicon";
import { GENERATION_BODY_BYTES, generationComplete } from "./routes/generationComplete";
import { generationStatus } from "./routes/generationStatus";
import { health } from "./routes/health";
import { metrics, metricsWindow } from "./routes/metrics";
import { dataRequests, exportShopper } from "./routes/personalData";
import { poolMemberHealth } from "./routes/poolMember";
import { robots } from "./routes/robots";
import { SHOPIFY_BODY_BYTES, shopifyWebhook } from "./routes/shopifyWebhook";
import { deleteShopper } from "./routes/shopper";
import { sitemap } from "./routes/sitemap";
import { storefront } from "./routes/storefront";
import { storeRedirect, withoutSlash } from "./routes/storeRedirect";
import { track, TRACK_BODY_BYTES } from "./routes/track";
import { ws } from "./routes/ws";

type Method = "GET" | "POST" | "DELETE";

/** The routes: a method of a path, and who answers it; GET answers HEAD too. */
export const ROUTES: readonly [Method, string, Handler][] = [
  ["GET", "/s/:store", storefront],
  ["GET", "/s/:store/", withoutSlash],
  ["GET", "/", storeRedirect],
  ["GET", "/store", storeRedirect],
  ["GET", "/health", health],
  ["GET", "/api/generation/status", generationStatus],
  ["POST", "/api/shopper/track", track],
  ["POST", "/api/cart", cart],
  ["GET", "/ws", ws],
  ["POST", "/api/csp-report", cspReport],
  ["POST", "/api/shopper/consent", consent],
  ["DELETE", "/api/shopper", deleteShopper],
  ["POST", "/webhook/shopify/*", shopifyWebhook],
  ["POST", "/webhook/generation-complete", generationComplete],
  ["GET", "/assets/*", assets],
  ["GET", "/robots.txt", robots],
  ["GET", "/sitemap.xml", sitemap],
  ["GET", "/favicon.ico", favicon],
];

/** For operators; whoever lacks the token sees no difference to a route that is not there. */
export const ADMIN_ROUTES: readonly [Method, string, Handler, typeof adminOnly][] = [
  ["GET", "/metrics", metrics, adminOnly],
  ["GET", "/metrics/window", metricsWindow, adminOnly],
  ["GET", "/api/pool/:member", poolMemberHealth, adminOnly],
  ["GET", "/api/privacy/requests", dataRequests, adminOnly],
  ["GET", "/api/privacy/export", exportShopper, adminOnly],
  ["GET", "/debug/container", debugContainer, debugOnly],
  ["GET", "/debug/generate", debugGenerate, debugOnly],
  ["POST", "/debug/generate", debugGenerate, debugOnly],
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
  // Reads no body, and has to be quick: it answers before what limits bodies is asked.
  app.get("/s/:store", storefront);
  app.use("/webhook/shopify/*", wholeBody(SHOPIFY_BODY_BYTES));
  app.use("/webhook/generation-complete", wholeBody(GENERATION_BODY_BYTES));
  app.use(except("/webhook/*", wholeBody(TRACK_BODY_BYTES)));
  for (const [method, path, handler] of ROUTES) app.on(method, path, handler);
  for (const [method, path, handler, guard] of ADMIN_ROUTES) app.on(method, path, guard(handler));
  // After all of them, since what comes first answers.
  for (const [, path] of ROUTES) app.all(path, methodNotAllowed(ROUTES, path));
  for (const [, path, , guard] of ADMIN_ROUTES) app.all(path, guard(methodNotAllowed(ADMIN_ROUTES, path)));
  app.notFound((c) => answerError(notFound(c), c));
  app.onError((error, c) => answerError(error, c));
  return app;
}

function methodNotAllowed(routes: readonly (readonly [Method, string, ...unknown[]])[], path: string): Handler {
  const methods = routes.filter((route) => route[1] === path).map(([method]) => method);
  const allowed = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");
  return (c) => {
    c.header("Allow", allowed);
    throw new WandError("METHOD_NOT_ALLOWED", `${c.req.path} does not take ${c.req.method}.`);
  };
}
