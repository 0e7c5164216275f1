import type { Product } from "../../../../runtime/contract/product";
import type { Checkout } from "../../../../runtime/contract/store";
import type { ShopFace } from "../../../../runtime/page";
import { BRANDS, shop, wands } from "../fixtures";

/** The test shop as one that sells in this way. */
export const selling = (kind?: Checkout["kind"], brand = BRANDS.mystic): ShopFace => ({
  ...shop("Magic Wands", brand),
  ...(kind && { checkout: { kind } }),
});

/** A product's variant as Shopify numbers it; what is not given is plain. */
export const variantOf = (
  id: string,
  more: Partial<Product["variants"][number]> = {},
): Product["variants"][number] => ({
  id,
  title: "",
  options: [],
  sku: null,
  price: 20,
  compare_at_price: null,
  available: true,
  inventory: null,
  image_url: null,
  ...more,
});

/** The test shop's products with variants as Shopify numbers them: those with options have three, one of them sold out. */
export const numbered: Product[] = wands.map((product, index) => {
  const { price, available } = product;
  const id = (n: number): string => String(4_000_000 + index * 10 + n);
  if (product.options.length === 0) return { ...product, variants: [variantOf(id(0), { price, available })] };
  const variants = ["Short", "Regular", "Long"].map((length, n) =>
    variantOf(id(n), {
      title: `${length} / Oiled`,
      options: [length, "Oiled"],
      price: n === 2 ? product.price_max : price,
      available: available && n !== 1,
    }),
  );
  return { ...product, variants };
});
