import { clientScript, scriptUrl } from "../assets";
import { notFound } from "../http/adminToken";
import type { AppContext } from "../http/context";

/** `GET /assets/*`: the browser script under its hashed name. */
export function assets(c: AppContext): Response {
  if (c.req.path === scriptUrl) {
    c.header("Cache-Control", "public, max-age=31536000, immutable");
    return c.body(clientScript, 200, { "Content-Type": "text/javascript; charset=utf-8" });
  }
  // Stored pages outlive a deployment: the script they name goes on under its new name.
  if (/^\/assets\/wand-[0-9a-f]{12}\.js$/.test(c.req.path)) return c.redirect(scriptUrl, 302);
  throw notFound(c);
}
