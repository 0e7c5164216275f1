import * as z from "zod";
import { type Product, ProductSchema, VariantSchema } from "../../contract/product";
import { quote } from "./errors";
import { contractFaults, handleFault, type ShopFacts, type SourceVariant, toProduct } from "./product";
import { schemaProblems } from "./schemaProblems";
import type { JsonProduct } from "./source";

const OwnVariant = z.strictObject({ ...VariantSchema.partial().shape, price: VariantSchema.shape.price });

/** A product of the contract in which all may be left out but its id, its title and a price (its own or its variants'). */
const OwnProduct = z.strictObject({
  ...ProductSchema.partial().shape,
  id: ProductSchema.shape.id,
  title: ProductSchema.shape.title,
  options: z.array(z.strictObject({ name: z.string().max(255), values: z.array(z.string()).optional() })).default([]),
  variants: z.array(OwnVariant).min(1).optional(),
});

/** Values that follow from others: where they are written down as well, both must say the same. */
const DERIVED = ["price", "price_max", "compare_at_price", "currency", "available", "image_url"] as const;

export function readOwnProduct(item: unknown, shop: ShopFacts): JsonProduct {
  const result = OwnProduct.safeParse(item);
  if (!result.success) return { faults: schemaProblems(result.error, item) };
  const own = result.data;
  const fault = handleFault(own.id);
  if (fault !== undefined) return { faults: [{ path: ["id"], message: fault }] };
  const variants = ownVariants(own);
  if (variants === undefined) {
    return { faults: [{ path: ["price"], message: "is missing; a product has a price, or variants that have one" }] };
  }
  const product = toProduct(
    {
      handle: own.id,
      shopifyId: own.shopify_id,
      title: own.title,
      description: own.description ?? "",
      vendor: own.vendor ?? "",
      category: own.category ?? own.tags?.[0] ?? "Other",
      tags: own.tags ?? [],
      url: own.url,
      imageAlt: own.image_alt,
      images: own.images ?? (own.image_url ? [{ url: own.image_url, alt: own.image_alt ?? "" }] : []),
      optionNames: own.options.map(({ name }) => name),
      variants: variants.map((variant, index) => toVariant(variant, `${own.id}:${index + 1}`)),
    },
    shop,
  );
  const faults = [...contradictions(own, product), ...contractFaults(product)];
  return faults.length === 0 ? { product } : { faults: faults.map(({ key, message }) => ({ path: [key], message })) };
}

/** A product without variants is one variant that has the product's own price. */
function ownVariants(own: z.infer<typeof OwnProduct>): z.infer<typeof OwnVariant>[] | undefined {
  if (own.variants !== undefined) return own.variants;
  if (own.price === undefined) return undefined;
  return [{ price: own.price, compare_at_price: own.compare_at_price ?? null, available: own.available ?? true }];
}

function toVariant(variant: z.infer<typeof OwnVariant>, id: string): SourceVariant {
  return {
    id: variant.id ?? id,
    options: variant.options ?? [],
    sku: variant.sku ?? null,
    price: variant.price,
    compareAt: variant.compare_at_price ?? null,
    available: variant.available ?? true,
    inventory: variant.inventory ?? null,
    imageUrl: variant.image_url ?? null,
  };
}

function contradictions(own: z.infer<typeof OwnProduct>, product: Product): { key: string; message: string }[] {
  return DERIVED.filter((key) => own[key] !== undefined && own[key] !== product[key]).map((key) => ({
    key,
    message: `found ${quote(own[key])}; it is ${quote(product[key])} by ${key === "currency" ? "the manifest" : "the product's variants and images"}`,
  }));
}
