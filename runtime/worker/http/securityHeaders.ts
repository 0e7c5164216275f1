import type { MiddlewareHandler } from "hono";
import type { Store } from "../stores/record";
import type { AppEnv } from "./context";

/** For every answer that is no page: it loads nothing and nobody frames it. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Policy of a page: our script, the one style element by its hash, the shop's pictures, its checkout. */
export function pagePolicy(store: Store, cspHash: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src '${cspHash.replaceAll("'", "")}'`,
    `img-src ${["'self'", ...store.imageOrigins].join(" ")}`,
    "connect-src 'self'",
    `form-action ${new URL(store.shop_url).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Sets what every answer has, unless its route said otherwise. A 200 without Cache-Control might be kept by anybody. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  const defaults: Readonly<Record<string, string>> = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": NOTHING,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Request-Id": c.var.requestId,
  };
  for (const [name, value] of Object.entries(defaults)) if (!c.res.headers.has(name)) c.header(name, value);
};
