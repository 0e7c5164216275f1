import { escapeText } from "../../page/html";
import type { AppContext } from "../http/context";
import { canonicalUrl } from "../pages/render";
import { storesOf } from "../stores/list";

/** Addresses that a sitemap may have, by its protocol. */
const MOST_ADDRESSES = 50_000;

/** `GET /sitemap.xml`: the canonical addresses of the stack's stores. */
export async function sitemap(c: AppContext): Promise<Response> {
  const { origin } = new URL(c.req.url);
  const stores = (await storesOf(c.env)).slice(0, MOST_ADDRESSES);
  const urls = stores.map((slug) => `<url><loc>${escapeText(canonicalUrl(origin, slug))}</loc></url>\n`).join("");
  c.header("Cache-Control", "public, max-age=3600");
  return c.body(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}</urlset>\n`,
    200,
    { "Content-Type": "application/xml; charset=utf-8" },
  );
}
