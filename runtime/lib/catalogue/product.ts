import { type Product, ProductSchema } from "../../contract/product";
import { quote } from "./errors";

/** A variant as a source tells it; money in the catalogue's currency. */
export interface SourceVariant {
  id: string;
  options: string[];
  sku: string | null;
  price: number;
  compareAt: number | null;
  available: boolean;
  /** Units in stock; null where they are not tracked. */
  inventory: number | null;
  imageUrl: string | null;
}

/** A product as a source tells it, before anything is derived from its variants. */
export interface SourceProduct {
  handle: string;
  /** Shopify's own number for the product. */
  shopifyId?: string | undefined;
  title: string;
  /** Plain text. */
  description: string;
  vendor: string;
  category: string;
  tags: readonly string[];
  /** The product's page, where it is not the usual one. */
  url?: string;
  imageAlt?: string;
  images: readonly { url: string; alt: string }[];
  optionNames: readonly string[];
  variants: readonly SourceVariant[];
}

/** What a catalogue's products have in common. */
export interface ShopFacts {
  shopUrl: string;
  currency: string;
}

const LONGEST_DESCRIPTION = 20_000;

/** Derives what the contract wants of a product that has a variant; the result is not yet checked against it. */
export function toProduct(source: SourceProduct, shop: ShopFacts): Product {
  const { price, compareAt, highest } = priceRange(source.variants);
  const images = distinct(
    [
      ...source.images,
      ...source.variants.flatMap(({ imageUrl }) => (imageUrl === null ? [] : [{ url: imageUrl, alt: "" }])),
    ],
    ({ url }) => url,
  );
  return {
    id: source.handle,
    ...(source.shopifyId !== undefined && { shopify_id: source.shopifyId }),
    title: source.title,
    description: cutAt(source.description, LONGEST_DESCRIPTION),
    vendor: source.vendor,
    category: source.category,
    tags: distinct(source.tags),
    url: source.url ?? `${shop.shopUrl.replace(/\/+$/, "")}/products/${encodeURIComponent(source.handle)}`,
    price,
    price_max: highest,
    compare_at_price: compareAt,
    currency: shop.currency,
    available: source.variants.some(({ available }) => available),
    image_url: images[0]?.url ?? null,
    image_alt: source.imageAlt ?? images[0]?.alt ?? "",
    images,
    options: source.optionNames.map((name, index) => ({
      name,
      values: distinct(source.variants.map(({ options }) => options[index] ?? "")),
    })),
    variants: source.variants.map((variant) => ({
      id: variant.id,
      title: variant.options.join(" / "),
      options: variant.options,
      sku: variant.sku,
      price: variant.price,
      compare_at_price: saving(variant),
      available: variant.available,
      inventory: variant.inventory,
      image_url: variant.imageUrl,
    })),
  };
}

/** The price a shopper can have: of the variants that can be bought, or of all when none can. */
function priceRange(variants: readonly SourceVariant[]): { price: number; compareAt: number | null; highest: number } {
  const onSale = variants.filter(({ available }) => available);
  const cheapest = (onSale.length > 0 ? onSale : variants).reduce((low, next) => (next.price < low.price ? next : low));
  return {
    price: cheapest.price,
    compareAt: saving(cheapest),
    highest: variants.reduce((high, { price }) => Math.max(high, price), 0),
  };
}

/** A cut text does not end in half a letter. */
function cutAt(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

/** A former price counts only when it was higher; shops write 0 or the price itself for "no saving". */
function saving({ price, compareAt }: SourceVariant): number | null {
  return compareAt !== null && compareAt > price ? compareAt : null;
}

/**
 * One word for the shelf a product stands on: the shop's own type; else the last part of Shopify's taxonomy
 * (`Home & Garden > Decor > Vases`); else the first tag; else "Gift cards" or "Other".
 */
export function categoryOf(from: {
  type: string;
  taxonomy: string;
  tags: readonly string[];
  giftCard: boolean;
}): string {
  const shelf = from.taxonomy.split(">").at(-1)?.trim() ?? "";
  return from.type || shelf || from.tags[0] || (from.giftCard ? "Gift cards" : "Other");
}

/** Tags as Shopify writes them: separated by commas. */
export function splitTags(text: string): string[] {
  return text
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** Says what is wrong with a handle, which becomes part of addresses and keys; undefined when nothing is. */
export function handleFault(handle: string): string | undefined {
  if (handle === "") return "is empty; every row of a product has its handle";
  // Shopify's handles are letters, digits and hyphens of any script; these would change the address they stand in.
  if (/[\s\p{Cc}\p{Cs}/\\?#<>"'`&]/u.test(handle) || /^\.+$/.test(handle)) {
    return `found ${quote(handle)}; a handle is letters, digits and hyphens, without spaces and without any of / \\ ? # < > " ' &`;
  }
  return undefined;
}

/** Says where a product breaks the contract: the key of the product, and a sentence. */
export function contractFaults(product: Product): { key: string; message: string }[] {
  const result = ProductSchema.safeParse(product);
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => {
    const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], product);
    return { key: path.map(String).join("."), message: `found ${quote(found)}; ${message}` };
  });
}

/** The items without those whose key an earlier one has. */
export function distinct<T>(items: readonly T[], keyOf: (item: T) => unknown = (item) => item): T[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const key = keyOf(item);
    return seen.has(key) ? false : seen.add(key);
  });
}
