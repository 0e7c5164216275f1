import type { Document } from "../cache/memory";
import { PackedDocument } from "../cache/packedPage";
import type { MiddlewareHandler } from "hono";
import { formTargets } from "../checkout/origins";
import { few } from "../cache/few";
import type { Store } from "../stores/record";
import type { AppEnv } from "./context";

/** For every answer that is no page: it loads nothing and nobody frames it. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Where browsers report what a page's policy kept from happening: by the older directive, and by the newer one's name. */
const CSP_REPORTS = "/api/csp-report";
const CSP_ENDPOINT = "csp";
/** The header `Reporting-Endpoints` of a page, which says where that name leads. */
export const REPORTING_ENDPOINTS = `${CSP_ENDPOINT}="${CSP_REPORTS}"`;

/** Policy of a page: our script, the one style element by its hash, the shop's pictures, its checkout, our own forms. */
export function pagePolicy(store: Store, cspHash: string): string {
  let policies = known.get(store);
  if (policies === undefined) known.set(store, (policies = few(100)));
  return policies(cspHash, () => writePolicy(store, cspHash));
}

/** A store's pages have few style sheets, and each is served often. */
const known = new WeakMap<Store, ReturnType<typeof few<string>>>();

function writePolicy(store: Store, cspHash: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src '${cspHash.replaceAll("'", "")}'`,
    `img-src ${["'self'", ...store.imageOrigins].join(" ")}`,
    "connect-src 'self'",
    `form-action ${formTargets(store).join(" ")}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `report-uri ${CSP_REPORTS}`,
    `report-to ${CSP_ENDPOINT}`,
  ].join("; ");
}

/** Sets what every answer has, unless its route said otherwise. A 200 without Cache-Control might be kept by anybody. */
export const securityHeaders: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  if (complete.has(c.res)) return;
  for (const [name, value] of Object.entries(defaults(c.var.requestId))) {
    if (!c.res.headers.has(name)) c.header(name, value);
  }
};

const defaults = (requestId: string): Readonly<Record<string, string>> => ({
  "Cache-Control": "no-store",
  "Content-Security-Policy": NOTHING,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "X-Request-Id": requestId,
});

const complete = new WeakSet<Response>();

/** An answer made with all its headers at once: to read and to set them one by one costs more than all the rest of a page. */
export function completeAnswer(body: Document, requestId: string, headers: Readonly<Record<string, string>>): Response {
  const all = { ...defaults(requestId), ...headers };
  const answer =
    body instanceof PackedDocument
      ? new Response(body.gzip, { headers: all, encodeBody: "manual" } as ResponseInit)
      : new Response(body, { headers: all });
  complete.add(answer);
  return answer;
}
