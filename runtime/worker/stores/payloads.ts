import * as z from "zod";
import { isShopperId } from "../../contract/store";

/** Shopify writes ids as numbers, and as text where they are larger than a number can be. */
const id = z.union([z.number().int().nonnegative().transform(String), z.string().regex(/^\d{1,20}$/)]);
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** What of a product's webhook is needed to find and to order it. */
export const ProductPayload = z.object({
  id,
  handle: z.string().optional().catch(undefined),
  updated_at: time.nullish().catch(undefined),
  variants: z.array(z.object({ id })).catch([]),
});

/** A customer as the shop knows them; a shopper here when links name them by that id. */
const customer = z.object({
  id: z.union([z.number().int().transform(String), z.string()]).refine(isShopperId),
});

/** What a privacy webhook says of whom. One about a customer without an id is about nobody we could know. */
export const CustomerPayload = z.object({
  customer: customer.optional().catch(undefined),
  data_request: z.object({ id }).optional(),
});
