import type { AppContext } from "../http/context";
import { settingsOf } from "../settings";

/** `GET /store`: the stack's default store, with the address's parameters. */
export function storeRedirect(c: AppContext): Response {
  const { search } = new URL(c.req.url);
  return c.redirect(`/s/${settingsOf(c.env).DEFAULT_STORE}${search}`, 308);
}
