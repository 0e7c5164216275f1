import * as z from "zod";

/** A shopper waits for this; the cart's link does as well, if a little less smoothly. */
const DEADLINE_MS = 5_000;

export const CART_CREATE = `mutation CartCreate($input: CartInput!) {
  cartCreate(input: $input) { cart { checkoutUrl } userErrors { code field message } }
}`;

const Answer = z.object({
  data: z.object({
    cartCreate: z.object({
      cart: z.object({ checkoutUrl: z.string() }).nullable(),
      userErrors: z.array(z.object({ code: z.string().nullish() })),
    }),
  }),
  errors: z.undefined().optional(),
});

/**
 * Makes a cart with one line at Shopify, and gives the address of its checkout as Shopify says it. It needs no token.
 * @param variantId Shopify's number of the variant.
 * @throws Error saying in a few words why there is no cart.
 */
export async function cartCreate(api: string, variantId: string, quantity: number): Promise<string> {
  const lines = [{ merchandiseId: `gid://shopify/ProductVariant/${variantId}`, quantity }];
  const response = await fetch(api, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ query: CART_CREATE, variables: { input: { lines } } }),
    redirect: "manual",
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the Storefront API answered HTTP ${response.status}`);
  }
  const answer = Answer.safeParse(await response.json());
  if (!answer.success) throw new Error("the Storefront API answered what is no cart");
  const { cart, userErrors } = answer.data.data.cartCreate;
  if (cart === null || userErrors.length > 0) {
    throw new Error(
      `Shopify made no cart: ${userErrors.map(({ code }) => code ?? "no code").join(", ") || "no reason"}`,
    );
  }
  return cart.checkoutUrl;
}
