import * as z from "zod";

/** Money amounts are decimal numbers in the catalogue's currency, as Shopify writes them. */
const money = z.number().min(0).max(10_000_000);

/**
 * A host as the URL standard writes it: names of letters, digits, hyphens and underscores (other scripts in their ASCII form),
 * or an IPv6 address. The standard lets `*`, `;`, `,` and quotes pass, which would say something else in a page's policy.
 */
const HOST = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])$/;
/** What browsers take for an address as well, and readers do not: white space inside, backslashes, a user's name, no host. */
const WRITTEN = /^https?:\/\/(?![/\\])(?!.*[\\\p{Cc}])(?![^/?#]*[@\s])/iu;

/** Only http(s), at a plain host: a `javascript:` or `data:` address never gets as far as a page. */
export const WebUrl = z
  .string()
  .regex(WRITTEN, "an address begins with https:// or http:// and has no user name, backslash or control character")
  .max(2048)
  .pipe(z.url({ protocol: /^https?$/, hostname: HOST }));

export const VariantSchema = z.object({
  /** Shopify's numeric id where the source has one, else `{handle}:{position}`. */
  id: z.string().min(1).max(300),
  /** Option values joined by " / "; empty for a product without options. */
  title: z.string().max(500),
  /** Values in the order of the product's options. */
  options: z.array(z.string().max(255)).max(3),
  sku: z.string().max(255).nullable(),
  price: money,
  compare_at_price: money.nullable(),
  available: z.boolean(),
  /** Units in stock; null where the shop does not track them. */
  inventory: z.number().int().nullable(),
  image_url: WebUrl.nullable(),
});
export type Variant = z.infer<typeof VariantSchema>;

/** One product as the catalogue, the generator's request and the page see it. */
export const ProductSchema = z.object({
  /** The handle: unique in a catalogue, stable over exports. */
  id: z.string().min(1).max(255),
  /** Shopify's own number for it, where the source has one: what a shop deletes is named by nothing else. */
  shopify_id: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  title: z.string().min(1).max(255),
  /** Plain text: markup of the source is reduced to its text. */
  description: z.string().max(20_000),
  vendor: z.string().max(255),
  category: z.string().max(255),
  tags: z.array(z.string().max(255)).max(250),
  /** The product's page in the shop itself. */
  url: WebUrl,
  /** Lowest price of the variants that can be bought (of all, when none can). */
  price: money,
  /** Highest price of the variants; equal to `price` when all cost the same. */
  price_max: money,
  /** What the variant that gives `price` cost before, when that is more. */
  compare_at_price: money.nullable(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  available: z.boolean(),
  image_url: WebUrl.nullable(),
  image_alt: z.string().max(512),
  images: z.array(z.object({ url: WebUrl, alt: z.string().max(512) })).max(250),
  options: z.array(z.object({ name: z.string().max(255), values: z.array(z.string().max(255)) })).max(3),
  variants: z.array(VariantSchema).min(1).max(2048),
});
export type Product = z.infer<typeof ProductSchema>;

export const CatalogueSchema = z.object({
  /** First 16 hex digits of SHA-256 over the canonical JSON of `products`. */
  version: z.string().regex(/^[0-9a-f]{16}$/),
  products: z.array(ProductSchema),
});
export type Catalogue = z.infer<typeof CatalogueSchema>;
