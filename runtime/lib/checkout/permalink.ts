/** Whether an id of a variant is Shopify's own number: only those can be put into a cart. */
export const isVariantId = (id: string): boolean => /^\d{1,20}$/.test(id);

/**
 * Shopify's cart permalink: an address of the shop that makes a cart with one line, and leads to its checkout, or to the cart
 * itself with `showCart`. Source: "Create cart permalinks" in Shopify's developer documentation.
 * @param variantId Shopify's number of the variant.
 */
export function cartPermalink(
  shopUrl: string,
  { variantId, quantity, showCart = false }: { variantId: string; quantity: number; showCart?: boolean },
): string {
  const { origin, pathname } = new URL(shopUrl);
  const search = showCart ? "?storefront=true" : "";
  return `${origin}${pathname.replace(/\/+$/, "")}/cart/${variantId}:${quantity}${search}`;
}
