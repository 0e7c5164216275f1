import { z } from "zod";
import { CatalogueSchema, WebUrl } from "./product";

/** Lower-case letters, digits and single hyphens; it is part of addresses, keys and resource names. */
export const STORE_SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){1,39}$/;
/** What a shopper id in an address may be. */
export const SHOPPER_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

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
  brand: BrandSchema,
  settings: z.object({
    /** Lifetime of a personal page in KV, seconds; the stack's default when absent. */
    cache_ttl_seconds: z.number().int().min(60).max(86_400).optional(),
    consent_required: z.boolean().default(false),
  }),
  catalogue: CatalogueSchema,
});
export type StoreRecord = z.infer<typeof StoreRecordSchema>;
