import * as z from "zod";
import { WebUrl } from "../../contract/product";
import { readMoney } from "./fields";
import { plainText } from "./plainText";
import { categoryOf, contractFaults, handleFault, type ShopFacts, splitTags, toProduct } from "./product";
import { schemaProblems } from "./schemaProblems";
import type { JsonProduct } from "./source";

/** Shopify writes money as text, `"12.50"`; a number is taken as well. */
const Money = z.union([z.string(), z.number()]).transform((value, context) => {
  const field = readMoney(String(value));
  if ("value" in field) return field.value;
  context.addIssue({ code: "custom", message: field.allowed });
  return z.NEVER;
});

/** The storefront writes an empty text where there was no other price. */
const FormerPrice = z.union([z.literal("").transform(() => null), Money]).nullish();

const Image = z.object({
  id: z.number().optional(),
  src: WebUrl,
  alt: z.string().nullish(),
  position: z.number().optional(),
});

const Variant = z.object({
  id: z.number().int().optional(),
  option1: z.string().nullish(),
  option2: z.string().nullish(),
  option3: z.string().nullish(),
  sku: z.string().nullish(),
  price: Money,
  compare_at_price: FormerPrice,
  /** The storefront's own products.json says it; the Admin API gives the three below instead. */
  available: z.boolean().optional(),
  inventory_management: z.string().nullish(),
  inventory_quantity: z.number().int().optional(),
  inventory_policy: z.enum(["deny", "continue"]).default("deny"),
  featured_image: Image.nullish(),
  image_id: z.number().nullish(),
});

/** Both of Shopify's shapes: the storefront's `/products.json` and the Admin REST API's. Other keys are left alone. */
const ShopifyProduct = z.object({
  id: z.number().int().positive().optional(),
  title: z.string().min(1),
  handle: z.string(),
  body_html: z.string().nullish(),
  vendor: z.string().nullish(),
  product_type: z.string().nullish(),
  /** Shopify's taxonomy, as its webhooks name it; what says nothing is left alone. */
  category: z.object({ full_name: z.string() }).nullish().catch(null),
  tags: z.union([z.string(), z.array(z.string())]).default([]),
  status: z.enum(["active", "draft", "archived", "unlisted"]).default("active"),
  /** Null where the product is hidden from the online store. */
  published_at: z.string().nullish(),
  options: z
    .array(z.object({ name: z.string() }))
    .max(3)
    .default([]),
  images: z.array(Image).default([]),
  variants: z.array(Variant).min(1),
});

/** What is needed of a product that is not shown; drafts are unfinished and not checked further. */
const Publication = ShopifyProduct.pick({ title: true, handle: true, status: true, published_at: true });

export function readShopifyProduct(item: unknown, shop: ShopFacts): JsonProduct {
  const publication = Publication.safeParse(item);
  if (publication.success) {
    const { handle: id, title, status, published_at: publishedAt } = publication.data;
    if (status !== "active") return { unpublished: { id, title, reason: status } };
    if (publishedAt === null) return { unpublished: { id, title, reason: "hidden" } };
  }
  const result = ShopifyProduct.safeParse(item);
  if (!result.success) return { faults: schemaProblems(result.error, item) };
  const source = result.data;
  const fault = handleFault(source.handle);
  if (fault !== undefined) return { faults: [{ path: ["handle"], message: fault }] };

  const tags = typeof source.tags === "string" ? splitTags(source.tags) : source.tags;
  const hasOptions = !(
    source.options.length <= 1 && source.variants.every(({ option1 }) => option1 === "Default Title")
  );
  const images = source.images.toSorted((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity) || 0);
  const product = toProduct(
    {
      handle: source.handle,
      shopifyId: source.id === undefined ? undefined : String(source.id),
      title: source.title,
      description: plainText(source.body_html ?? ""),
      vendor: source.vendor ?? "",
      category: categoryOf({
        type: source.product_type ?? "",
        taxonomy: taxonomyOf(source.category),
        tags,
        giftCard: false,
      }),
      tags,
      images: images.map(({ src, alt }) => ({ url: src, alt: alt ?? "" })),
      optionNames: hasOptions ? source.options.map(({ name }) => name) : [],
      variants: source.variants.map((variant, index) => ({
        id: String(variant.id ?? `${source.handle}:${index + 1}`),
        options: hasOptions
          ? [variant.option1, variant.option2, variant.option3]
              .slice(0, source.options.length)
              .map((value) => value ?? "")
          : [],
        sku: variant.sku || null,
        price: variant.price,
        compareAt: variant.compare_at_price ?? null,
        ...stock(variant),
        imageUrl: variant.featured_image?.src ?? images.find(({ id }) => id === variant.image_id)?.src ?? null,
      })),
    },
    shop,
  );
  const faults = contractFaults(product);
  return faults.length === 0 ? { product } : { faults: faults.map(({ key, message }) => ({ path: [key], message })) };
}

const UNCATEGORISED = "Uncategorized";

function taxonomyOf(category: z.infer<typeof ShopifyProduct>["category"]): string {
  const name = category?.full_name ?? "";
  return name === UNCATEGORISED ? "" : name;
}

function stock(variant: z.infer<typeof Variant>): { available: boolean; inventory: number | null } {
  const inventory = variant.inventory_management ? (variant.inventory_quantity ?? null) : null;
  const derived = inventory === null || inventory > 0 || variant.inventory_policy === "continue";
  return { available: variant.available ?? derived, inventory };
}
