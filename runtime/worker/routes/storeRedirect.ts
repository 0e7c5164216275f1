import type { AppContext } from "../http/context";
import { settingsOf } from "../settings";
import { checkSlug } from "../stores/record";

/** `GET /store`: the stack's default store, with the address's parameters. */
export function storeRedirect(c: AppContext): Response {
  const { search } = new URL(c.req.url);
  return c.redirect(`/s/${settingsOf(c.env).DEFAULT_STORE}${search}`, 308);
}

/** `GET /s/{store}/`: the storefront's one address, with the parameters. */
export function withoutSlash(c: AppContext): Response {
  const { search } = new URL(c.req.url);
  return c.redirect(`/s/${checkSlug(c.req.param("store") ?? "")}${search}`, 308);
}
