import * as z from "zod";
import type { Product, Variant } from "../../contract/product";
import { formatPath } from "../../lib/catalogue/schemaProblems";
import type { ShopFacts } from "../../lib/catalogue/product";
import { readShopifyProduct } from "../../lib/catalogue/shopifyJson";
import { LOW_STOCK } from "../../page/product/facts";

/** What a product is after a webhook of it, or why it cannot be told. */
export type ProductChange = { product: Product } | { hidden: string } | { refused: string };

/** What is known of a product before a webhook of it. */
export interface Known {
  shop: ShopFacts;
  before: Product | undefined;
  /** Whether the deployed catalogue has stock figures: then a variant without one is one that the shop does not count. */
  countsStock: boolean;
}

const PayloadSchema = z.looseObject({
  variants: z.array(z.looseObject({})).default([]),
  variant_gids: z.array(z.object({ admin_graphql_api_id: z.string() })).default([]),
});
type Payload = z.infer<typeof PayloadSchema>;
type PayloadVariant = Payload["variants"][number];

/** Reads the product of `products/create` and `products/update`: the Admin API's REST product. */
export function readProductChange(payload: unknown, known: Known): ProductChange {
  const parsed = PayloadSchema.safeParse(payload);
  const result = readShopifyProduct(parsed.success ? complete(parsed.data, known) : payload, known.shop);
  if ("unpublished" in result) return { hidden: result.unpublished.id };
  if ("faults" in result) {
    return { refused: result.faults.map(({ path, message }) => `${formatPath(path)}: ${message}`).join("; ") };
  }
  return { product: withWhatStays(result.product, known.before) };
}

/** The payload with what Shopify leaves out of it: variants beyond the first hundred, and which of them are counted. */
function complete(payload: Payload, { before, countsStock }: Known): Payload {
  const variants = payload.variants.map((variant) => withTracking(variant, before, countsStock));
  const there = new Set(variants.map(({ id }) => String(id)));
  const listed = new Set(payload.variant_gids.map((gid) => gid.admin_graphql_api_id.replace(/^.*\//, "")));
  const missing = before?.variants.filter(({ id }) => listed.has(id) && !there.has(id)) ?? [];
  return { ...payload, variants: [...variants, ...missing.map(asPayload)] };
}

/**
 * Since version 2024-07 a webhook does not say whether a variant's stock is counted, and a variant that is not counted has 0
 * like one that is sold out. One that was not counted before still is not; any other is.
 */
function withTracking(variant: PayloadVariant, before: Product | undefined, countsStock: boolean): PayloadVariant {
  if ("inventory_management" in variant) return variant;
  const earlier = before && earlierOf(before, String(variant["id"]), optionsOf(variant));
  const uncounted = countsStock && earlier?.inventory === null;
  return { ...variant, inventory_management: uncounted ? null : "shopify" };
}

/** A variant's former self: by Shopify's id or, where the catalogue came without ids, by its options. */
function earlierOf(before: Product, id: string, options: readonly string[]): Variant | undefined {
  return (
    before.variants.find((variant) => variant.id === id) ??
    before.variants.find((variant) => variant.options.join(" / ") === options.join(" / "))
  );
}

function optionsOf({ option1, option2, option3 }: PayloadVariant): string[] {
  const options = [option1, option2, option3].filter((value) => typeof value === "string");
  return options.length === 1 && options[0] === "Default Title" ? [] : options;
}

const asPayload = (variant: Variant): PayloadVariant => ({
  id: Number(variant.id),
  option1: variant.options[0] ?? "Default Title",
  option2: variant.options[1],
  option3: variant.options[2],
  sku: variant.sku,
  price: variant.price,
  compare_at_price: variant.compare_at_price,
  available: variant.available,
  inventory_management: variant.inventory === null ? null : "shopify",
  inventory_quantity: variant.inventory ?? 0,
  featured_image: variant.image_url === null ? null : { src: variant.image_url },
});

/**
 * What a webhook does not say stays: the address that the catalogue's source gave. So does the figure of stock that no page
 * tells: each sale of a well-stocked product would otherwise be another catalogue, and every shopper's page would be made
 * anew for nothing that anybody sees.
 */
function withWhatStays(product: Product, before: Product | undefined): Product {
  if (before === undefined) return product;
  const variants = product.variants.map((variant) => {
    const was = before.variants.find(({ id }) => id === variant.id)?.inventory ?? 0;
    const quiet = was >= LOW_STOCK && (variant.inventory ?? 0) >= LOW_STOCK;
    return quiet ? { ...variant, inventory: was } : variant;
  });
  return { ...product, url: before.id === product.id ? before.url : product.url, variants };
}
