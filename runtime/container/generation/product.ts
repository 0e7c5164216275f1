import type { GenerateProduct, GenerateRequest } from "../../contract/generate";
import type { Product } from "../../contract/product";
import type { ShopFace } from "../../page";

/** Stands in for a shop's address that the caller left out: `.invalid` can never be anybody's (RFC 2606). */
const NO_SHOP_URL = "https://shop.invalid";
const DEFAULT_LOCALE = "en";

/** The shop as the renderer wants it, from what the wire contract lets a caller leave out. */
export function toShopFace(shop: GenerateRequest["shop"]): ShopFace {
  return {
    slug: shop.shop_id,
    name: shop.name ?? shop.shop_id,
    locale: knownLocale(shop.locale),
    // The schema has at least one product; a catalogue has one currency.
    currency: shop.products[0]?.currency ?? "USD",
    shop_url: shop.shop_url ?? NO_SHOP_URL,
    ...(shop.checkout && { checkout: shop.checkout }),
    brand: shop.brand_guidelines,
  };
}

/** A whole product from the seven facts that are always there; nothing that would sell is made up. */
export function toProduct(given: GenerateProduct, shopUrl: string | undefined): Product {
  const compareAtPrice = given.compare_at_price ?? null;
  const available = given.available ?? true;
  const variants = given.variants ?? [
    {
      id: `${given.id}:1`,
      title: "",
      options: [],
      sku: null,
      price: given.price,
      compare_at_price: compareAtPrice,
      available,
      inventory: null,
      image_url: null,
    },
  ];
  const imageAlt = given.image_alt ?? given.title;
  return {
    id: given.id,
    title: given.title,
    description: given.description ?? "",
    vendor: given.vendor ?? "",
    category: given.category,
    tags: given.tags,
    url: given.url ?? `${(shopUrl ?? NO_SHOP_URL).replace(/\/$/, "")}/products/${encodeURIComponent(given.id)}`,
    price: given.price,
    price_max: given.price_max ?? Math.max(given.price, ...variants.map((variant) => variant.price)),
    compare_at_price: compareAtPrice,
    currency: given.currency,
    available,
    image_url: given.image_url,
    image_alt: imageAlt,
    images: given.images ?? (given.image_url === null ? [] : [{ url: given.image_url, alt: imageAlt }]),
    options: given.options ?? [],
    variants,
  };
}

function knownLocale(locale: string | undefined): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? DEFAULT_LOCALE;
  } catch {
    return DEFAULT_LOCALE; // not a BCP 47 tag; English formats are better than no page
  }
}
