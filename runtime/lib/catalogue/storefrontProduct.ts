import * as z from "zod";
import { WebUrl } from "../../contract/product";
import { quote } from "./errors";
import { readMoney } from "./fields";
import { plainText } from "./plainText";
import { categoryOf, contractFaults, handleFault, type ShopFacts, toProduct } from "./product";
import { schemaProblems } from "./schemaProblems";
import type { JsonProduct } from "./source";

const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

/** The envelope of a list; its items are read one by one, so that one bad one spoils no other. */
export const Connection = z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) });
export type Connection = z.infer<typeof Connection>;

/** MoneyV2: a decimal as text, such as `"12.5"`. */
const Money = z.object({
  amount: z.string().transform((text, context) => {
    const field = readMoney(text);
    if ("value" in field) return field.value;
    context.addIssue({ code: "custom", message: field.allowed });
    return z.NEVER;
  }),
  currencyCode: z.string(),
});

const VARIANT_GID = /^gid:\/\/shopify\/ProductVariant\/(\d{1,20})(?:\?.*)?$/;

const Variant = z.object({
  id: z.string().regex(VARIANT_GID, "a variant's id is such as gid://shopify/ProductVariant/123"),
  sku: z.string().nullish(),
  availableForSale: z.boolean(),
  quantityAvailable: z.number().int().nullish(),
  price: Money,
  compareAtPrice: Money.nullish(),
  selectedOptions: z.array(z.object({ name: z.string(), value: z.string() })),
  image: z.object({ url: WebUrl }).nullish(),
});

const PRODUCT_GID = /^gid:\/\/shopify\/Product\/(\d{1,20})(?:\?.*)?$/;

const Product = z.object({
  id: z.string().regex(PRODUCT_GID, "a product's id is such as gid://shopify/Product/123"),
  handle: z.string(),
  title: z.string().min(1),
  descriptionHtml: z.string(),
  vendor: z.string(),
  productType: z.string(),
  category: z.object({ name: z.string() }).nullish(),
  tags: z.array(z.string()).default([]),
  isGiftCard: z.boolean(),
  requiresSellingPlan: z.boolean(),
  onlineStoreUrl: WebUrl.nullish(),
  options: z.array(z.object({ name: z.string() })).max(3),
  images: z.object({ nodes: z.array(z.object({ url: WebUrl, altText: z.string().nullish() })) }),
  variants: z.object({ nodes: z.array(Variant).min(1) }),
});

/** What is needed to ask for the variants that a page has left out. */
export const Openable = z.object({ id: z.string(), variants: Connection });

/** One product of the API with all its variants, as the contract has it. */
export function readStorefrontProduct(item: unknown, shop: ShopFacts): JsonProduct {
  const result = Product.safeParse(item);
  if (!result.success) return { faults: schemaProblems(result.error, item) };
  const source = result.data;
  const fault = handleFault(source.handle) ?? currencyFault(source, shop);
  if (fault !== undefined) return { faults: [{ path: ["handle"], message: fault }] };

  const variants = source.variants.nodes;
  // Shopify writes a product without options as one `Title` with the one value `Default Title`.
  const plain =
    source.options.length <= 1 &&
    variants.every(({ selectedOptions }) => (selectedOptions[0]?.value ?? "Default Title") === "Default Title");
  const optionNames = plain ? [] : source.options.map(({ name }) => name);
  const product = toProduct(
    {
      handle: source.handle,
      shopifyId: PRODUCT_GID.exec(source.id)?.[1],
      title: source.title,
      description: plainText(source.descriptionHtml),
      vendor: source.vendor,
      category: categoryOf({
        type: source.productType,
        taxonomy: source.category?.name ?? "",
        tags: source.tags,
        giftCard: source.isGiftCard,
      }),
      tags: source.tags,
      ...(source.onlineStoreUrl && { url: source.onlineStoreUrl }),
      images: source.images.nodes.map(({ url, altText }) => ({ url, alt: altText ?? "" })),
      optionNames,
      variants: variants.map((variant, index) => ({
        // What is sold by subscription alone is bought on its page: no link and no cart of ours knows its plan.
        id: source.requiresSellingPlan ? `${source.handle}:${index + 1}` : (VARIANT_GID.exec(variant.id)?.[1] ?? ""),
        options: optionNames.map((name) => variant.selectedOptions.find((option) => option.name === name)?.value ?? ""),
        sku: variant.sku || null,
        price: variant.price.amount,
        compareAt: variant.compareAtPrice?.amount ?? null,
        available: variant.availableForSale,
        inventory: variant.quantityAvailable ?? null,
        imageUrl: variant.image?.url ?? null,
      })),
    },
    shop,
  );
  const faults = contractFaults(product);
  return faults.length === 0 ? { product } : { faults: faults.map(({ key, message }) => ({ path: [key], message })) };
}

/** A price in another currency would be shown as one in the shop's own. */
function currencyFault({ variants }: z.infer<typeof Product>, { currency }: ShopFacts): string | undefined {
  const prices = variants.nodes.flatMap(({ price, compareAtPrice }) => [price, compareAtPrice ?? price]);
  const other = prices.find(({ currencyCode }) => currencyCode !== currency)?.currencyCode;
  if (other === undefined) return undefined;
  return `found prices in ${quote(other)}; the manifest's \`currency\` is ${currency}. Write the one that the shop sells in`;
}
