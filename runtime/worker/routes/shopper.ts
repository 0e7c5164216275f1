import { WandError } from "../../contract/errors";
import type { AppContext } from "../http/context";
import { refuseCrossSite } from "../http/sameOrigin";
import { eraseShopper } from "../privacy/erase";
import { forgetCookie } from "../shopper/cookie";
import { checkLink, isHttps, namedBy, shopperOfCookie } from "../shopper/identity";
import { checkSlug } from "../stores/record";

/** Seconds after which what could not be erased is worth another try. */
const RETRY_AFTER_S = 5;

/**
 * `DELETE /api/shopper`: erases what is kept of the cookie's shopper in every store of the stack, or of the shopper whom
 * `?store=&shopper=&sig=` names in that store. 204 also for somebody of whom there is nothing.
 */
export async function deleteShopper(c: AppContext): Promise<Response> {
  refuseCrossSite(c.req.raw);
  const named = namedBy(new URL(c.req.url));
  if (named.shopper !== undefined) {
    const store = checkSlug(c.req.query("store") ?? "");
    await erase(c, await checkLink(c.env, store, named.shopper, named.sig), [store]);
    return c.body(null, 204);
  }
  const shopper = await shopperOfCookie(c.req.raw, c.env);
  if (shopper !== undefined) await erase(c, shopper, "all");
  c.header("Set-Cookie", forgetCookie(isHttps(c.req.raw)));
  return c.body(null, 204);
}

/** As `eraseShopper`; a 503 says when to ask again. */
export async function erase(c: AppContext, shopper: string, stores: readonly string[] | "all"): Promise<void> {
  try {
    await eraseShopper(c.env, shopper, stores, c.var.log);
  } catch (error) {
    if (error instanceof WandError) c.header("Retry-After", String(RETRY_AFTER_S));
    throw error;
  }
}
