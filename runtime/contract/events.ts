import * as z from "zod";

const productId = z.string().min(1).max(255);
const money = z.number().min(0).max(10_000_000);

/** What a shopper did, as `POST /api/shopper/track` takes it. Money in the shop's currency. */
export const TrackEventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("page_view"), ms: z.number().min(0).max(86_400_000).optional() }),
  z.object({
    type: z.literal("product_view"),
    product_id: productId,
    ms: z.number().min(0).max(86_400_000).optional(),
  }),
  z.object({ type: z.literal("category_view"), category: z.string().min(1).max(255) }),
  z.object({ type: z.literal("filter"), facet: z.string().min(1).max(60), value: z.string().max(255).optional() }),
  z.object({ type: z.literal("sort"), by: z.string().min(1).max(60) }),
  z.object({ type: z.literal("search"), query: z.string().min(1).max(200) }),
  z.object({ type: z.literal("wishlist"), product_id: productId }),
  z.object({ type: z.literal("compare"), product_ids: z.array(productId).min(2).max(10) }),
  z.object({ type: z.literal("add_to_cart"), product_id: productId, price: money.optional() }),
  z.object({
    type: z.literal("purchase"),
    total: money,
    product_ids: z.array(productId).max(100).default([]),
    discount: money.default(0),
  }),
]);
export type TrackEvent = z.infer<typeof TrackEventSchema>;

export const MAX_EVENTS_PER_REQUEST = 50;

/** `POST /api/shopper/track`: one event or several. The shopper comes from the cookie, or from `shopper`. */
export const TrackRequestSchema = z.object({
  store: z.string(),
  shopper: z.string().optional(),
  sig: z.string().optional(),
  events: z.array(TrackEventSchema).min(1).max(MAX_EVENTS_PER_REQUEST),
});
