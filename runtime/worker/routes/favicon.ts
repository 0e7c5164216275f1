import type { AppContext } from "../http/context";

/** A wand with a spark. Browsers ask for an icon at every first visit; without one their consoles show an error. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2b1a4f"/>' +
  '<path d="M8 25 19 14" stroke="#e9c46a" stroke-width="3.5" stroke-linecap="round"/>' +
  '<path d="M22 4q0 6 6 6-6 0-6 6 0-6-6-6 6 0 6-6z" fill="#fff3d1"/></svg>';

/** `GET /favicon.ico`: an SVG, which browsers take under this name by its type. */
export function favicon(c: AppContext): Response {
  c.header("Cache-Control", "public, max-age=86400");
  return c.body(ICON, 200, { "Content-Type": "image/svg+xml" });
}
