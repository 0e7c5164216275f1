import type { Product, Variant } from "../../contract/product";
import type { StoreRecord } from "../../contract/store";
import { cartPermalink, isVariantId } from "../../lib/checkout/permalink";
import type { cartCreate } from "./cartCreate";
import { ownAddress } from "./origins";

export interface CartLine {
  product: Pick<Product, "url">;
  variant: Pick<Variant, "id">;
  /** 1 to 99. */
  quantity: number;
}

/** Where a shopper goes, and by which way that was found. `fallback`: the Storefront API made no cart, so a link does. */
export interface Target {
  address: string;
  outcome: "cart" | "permalink" | "product" | "fallback";
  /** Why there is no cart, for the log. */
  cause?: unknown;
}

/** Where a line is bought: always at one of the shop's own origins, whatever the record or the API says. No price goes along. */
export async function checkoutTarget(
  shop: Pick<StoreRecord, "shop_url" | "shopify_domain" | "checkout">,
  { product, variant, quantity }: CartLine,
  create: typeof cartCreate,
): Promise<Target> {
  const { checkout } = shop;
  if (checkout === undefined || checkout.kind === "product" || !isVariantId(variant.id)) {
    const page = ownAddress(shop, product.url) ?? new URL(shop.shop_url);
    return { address: page.href, outcome: "product" };
  }
  const line = { variantId: variant.id, quantity };
  if (checkout.kind === "permalink") {
    return { address: cartPermalink(shop.shop_url, { ...line, showCart: true }), outcome: "permalink" };
  }
  try {
    const url = ownAddress(shop, await create(checkout.api, variant.id, quantity));
    if (url?.protocol === "https:") return { address: url.href, outcome: "cart" };
    throw new Error("the checkout is at none of the shop's domains; is it `checkoutDomain`?");
  } catch (cause) {
    return { address: cartPermalink(shop.shop_url, line), outcome: "fallback", cause };
  }
}
