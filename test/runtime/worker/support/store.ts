import type { Product } from "../../../../runtime/contract/product";
import type { StoreRecord } from "../../../../runtime/contract/store";

const CATEGORIES = ["Wands", "Robes", "Potions", "Books"] as const;

/** A product of the test shop; every third one is reduced. */
export function product(index: number): Product {
  const id = `thing-${index}`;
  const price = 10 + index * 5;
  const before = index % 3 === 0 ? price * 2 : null;
  const image = `https://pictures.example/${id}.jpg`;
  return {
    id,
    title: `Thing Number ${index}`,
    description: `What thing ${index} is good for.`,
    vendor: "Maker & Sons",
    category: CATEGORIES[index % CATEGORIES.length] ?? "Wands",
    tags: ["thing"],
    url: `https://shop.example/products/${id}`,
    price,
    price_max: price,
    compare_at_price: before,
    currency: "EUR",
    available: true,
    image_url: image,
    image_alt: `Thing ${index}`,
    images: [{ url: image, alt: `Thing ${index}` }],
    options: [],
    variants: [
      {
        id: `${id}:1`,
        title: "",
        options: [],
        sku: null,
        price,
        compare_at_price: before,
        available: true,
        inventory: null,
        image_url: null,
      },
    ],
  };
}

/** A shop's record with 30 products of four categories. */
export function storeRecord(slug: string, overrides: Partial<StoreRecord> = {}): StoreRecord {
  return {
    version: 1,
    slug,
    name: "The Test Shop",
    locale: "en-GB",
    currency: "EUR",
    shop_url: "https://shop.example",
    brand: { primary_color: "#334455", secondary_color: "#AA5511", font_family: "Georgia, serif", tone: "calm" },
    settings: { consent_required: false },
    catalogue: { version: "0123456789abcdef", products: Array.from({ length: 30 }, (_, index) => product(index)) },
    ...overrides,
  };
}
