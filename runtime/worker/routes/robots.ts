import type { AppContext } from "../http/context";

const TEXT = `User-agent: *
Allow: /s/
Allow: /assets/
Disallow: /
`;

/** `GET /robots.txt`: storefronts may be indexed, nothing else. */
export function robots(c: AppContext): Response {
  c.header("Cache-Control", "public, max-age=3600");
  return c.text(TEXT);
}
