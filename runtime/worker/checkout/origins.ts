import type { StoreRecord } from "../../contract/store";
import { webUrl } from "../../page/html";

type Shop = Pick<StoreRecord, "shop_url" | "shopify_domain" | "checkout">;

/** Where Shopify takes those who pay with its own wallet, from a shop's checkout. */
const SHOP_PAY = "https://shop.app";

/** Origins that are the shop itself: a shopper is sent to no other. */
export function shopOrigins({ shop_url: shopUrl, shopify_domain: shopify, checkout }: Shop): string[] {
  const domains = checkout?.kind === "cart" ? [shopify, checkout.domain] : [];
  const origins = domains.flatMap((domain) => (domain === undefined ? [] : `https://${domain}`));
  return [...new Set([new URL(shopUrl).origin, ...origins])];
}

/** Where a page's forms may lead: to us, who redirect to the shop, and along the shop's own redirects. */
export const formTargets = (shop: Shop): string[] =>
  shop.checkout?.kind === "cart" ? ["'self'", ...shopOrigins(shop), SHOP_PAY] : ["'self'", ...shopOrigins(shop)];

/** An address as the URL standard writes it if it is the shop's own; undefined for any other. Checkouts are https. */
export function ownAddress(shop: Shop, address: string): URL | undefined {
  const href = webUrl(address);
  if (href === undefined) return undefined;
  const url = new URL(href);
  if (url.username !== "" || url.password !== "") return undefined;
  return shopOrigins(shop).includes(url.origin) ? url : undefined;
}
