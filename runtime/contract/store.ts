import * as z from "zod";
import { CatalogueSchema, WebUrl } from "./product";

/** Lower-case letters, digits and single hyphens; it is part of addresses, keys and resource names. */
export const STORE_SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){1,39}$/;
/** What a shopper id in an address may be. */
export const SHOPPER_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
/** The one word that stands for all of a cohort in keys, where a shopper's id is else. */
export const COHORT = "cohort";
/** Whether a text can be a shopper's id. */
export const isShopperId = (id: string): boolean => SHOPPER_ID_PATTERN.test(id) && id !== COHORT;

const colour = z.string().regex(/^#[0-9A-Fa-f]{6}$/, "a colour is #RRGGBB");

/** Brand guidelines; the first four keys are the wire contract, the rest are ours and optional. */
export const BrandSchema = z.object({
  primary_color: colour,
  secondary_color: colour,
  /** A CSS font-family list; letters, digits, spaces, hyphens, quotes and commas only. */
  font_family: z.string().regex(/^[A-Za-z0-9 ,'"-]{1,200}$/, "a font family is a plain CSS list of names"),
  tone: z.string().max(300),
  tagline: z.string().max(160).optional(),
  /** One short glyph (often an emoji) shown beside the shop's name. */
  mark: z.string().max(8).optional(),
});
export type Brand = z.infer<typeof BrandSchema>;

/** A host name in lower case, without scheme, port or path. */
export const HOST_PATTERN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** A host name, as a shop's domain is written. */
export const HostSchema = z.string().regex(HOST_PATTERN, "a domain is a host name such as tea-house.myshopify.com");

export const CHECKOUT_KINDS = ["permalink", "cart", "product"] as const;

/**
 * How a shopper buys. `permalink`: an address of the shop that fills its cart (Shopify's cart permalinks). `cart`: a cart made
 * by Shopify's Storefront API. `product`: on the product's page in the shop, where nothing is known of the shop's cart.
 */
export const CheckoutSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("permalink") }),
  z.object({
    kind: z.literal("cart"),
    /** Where the Storefront API answers. */
    api: WebUrl,
    /** Where Shopify's checkout is, if neither at `shop_url` nor at `shopify_domain`. */
    domain: HostSchema.optional(),
  }),
  z.object({ kind: z.literal("product") }),
]);
export type Checkout = z.infer<typeof CheckoutSchema>;

/** What KV `STORES` holds under `store:{slug}`: all that a page of the shop needs. */
export const StoreRecordSchema = z.object({
  version: z.literal(1),
  slug: z.string().regex(STORE_SLUG_PATTERN),
  name: z.string().min(1).max(120),
  /** BCP 47, such as `en-GB`. */
  locale: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The shop itself: product pages, cart and checkout live below it. */
  shop_url: WebUrl,
  /** The shop at Shopify: its webhooks come from there, and its Storefront API is there. */
  shopify_domain: HostSchema.optional(),
  /** Left out, `product`. */
  checkout: CheckoutSchema.optional(),
  brand: BrandSchema,
  settings: z.object({
    /** Lifetime of a personal page in KV, seconds; the stack's default when absent. */
    cache_ttl_seconds: z.number().int().min(60).max(86_400).optional(),
    consent_required: z.boolean().default(false),
    /** US dollars that models may cost the shop a day (UTC); the stack's own limit holds as well. */
    daily_budget_usd: z.number().positive().max(100_000).optional(),
  }),
  catalogue: CatalogueSchema,
});
export type StoreRecord = z.infer<typeof StoreRecordSchema>;
