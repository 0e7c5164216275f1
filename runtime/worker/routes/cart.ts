import * as z from "zod";
import { WandError } from "../../contract/errors";
import type { Product, Variant } from "../../contract/product";
import { cartCreate } from "../checkout/cartCreate";
import { checkoutTarget } from "../checkout/target";
import type { AppContext } from "../http/context";
import { refuseCrossSite } from "../http/sameOrigin";
import { count } from "../metrics/count";
import { checkSlug, loadStore } from "../stores/record";

const FORM = "application/x-www-form-urlencoded";

const CartSchema = z.object({
  store: z.string("has to be there"),
  variant: z.string("has to be there").min(1).max(300),
  quantity: z
    .string()
    .regex(/^[1-9]\d?$/, "has to be a whole number from 1 to 99")
    .default("1")
    .transform(Number),
});

/**
 * `POST /api/cart`, a page's form `store`, `variant` and `quantity` (1 to 99, else 1): 303 to the shop, with that in a cart
 * there. What is not in today's catalogue, or has sold out since the page was made, is an error; nothing here has a price.
 */
export async function cart(c: AppContext): Promise<Response> {
  refuseCrossSite(c.req.raw);
  const form = await readForm(c);
  const store = await loadStore(c.env, checkSlug(form.store));
  const line = { ...find(store.catalogue.products, form.variant), quantity: form.quantity };
  const { address, outcome, cause } = await checkoutTarget(store, line, cartCreate);
  if (cause !== undefined) c.var.log.error("cart_create_failed", cause, { store: store.slug });
  count(c.env, (work) => c.executionCtx.waitUntil(work), "carts_total", { store: store.slug, outcome });
  return c.redirect(address, 303);
}

async function readForm(c: AppContext): Promise<z.output<typeof CartSchema>> {
  const type = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== FORM) throw new WandError("BAD_REQUEST", `The body has to be ${FORM}.`, { field: "Content-Type" });
  const parsed = CartSchema.safeParse(Object.fromEntries(new URLSearchParams(await c.req.text())));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") ?? "body";
  throw new WandError("BAD_REQUEST", `${field}: ${issue?.message ?? "not allowed"}.`, { field });
}

function find(products: readonly Product[], id: string): { product: Product; variant: Variant } {
  for (const product of products) {
    const variant = product.variants.find((one) => one.id === id);
    if (variant?.available === true) return { product, variant };
    if (variant !== undefined) {
      throw new WandError("SOLD_OUT", `${product.title} has just sold out. Go back for what else there is.`, {
        field: "variant",
      });
    }
  }
  throw new WandError("UNKNOWN_VARIANT", "This is not sold here any more. Go back for what else there is.", {
    field: "variant",
  });
}
