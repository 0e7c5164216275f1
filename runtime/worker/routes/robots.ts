import type { AppContext } from "../http/context";

const RULES = `User-agent: *
Allow: /s/
Allow: /assets/
Allow: /sitemap.xml
Disallow: /
`;

/** `GET /robots.txt`: storefronts may be indexed, nothing else; and where the list of them is. */
export function robots(c: AppContext): Response {
  c.header("Cache-Control", "public, max-age=3600");
  return c.text(`${RULES}\nSitemap: ${new URL(c.req.url).origin}/sitemap.xml\n`);
}
