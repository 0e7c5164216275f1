import type { GenerateProduct, GenerateRequest, GenerateResponse } from "../../../../runtime/contract/generate";
import { breachesOf, type Expected } from "./audit";

export const SHOP_URL = "https://shop.example/";
export const CANONICAL = "https://edge.example/s/a-shop";
export const SCRIPT = "/assets/a.js";

/** A product that a shopper can buy in two variants; its words are those given. */
export function saleable(id: string, index: number, given: Partial<GenerateProduct> = {}): GenerateProduct {
  const price = 20 + index;
  const variant = (n: number, title: string) => ({
    id: String(4_000_000 + index * 10 + n),
    title,
    options: [title],
    sku: null,
    price: price + n,
    compare_at_price: null,
    available: true,
    inventory: 3,
    image_url: null,
  });
  return {
    id,
    title: `Product ${index}`,
    price,
    currency: "GBP",
    image_url: index % 4 === 3 ? null : `https://cdn.example/${index}.jpg`,
    category: `Kind ${index % 5}`,
    tags: ["one"],
    compare_at_price: index % 2 === 0 ? price * 2 : null,
    options: [{ name: "Length", values: ["Short", "Long"] }],
    variants: [variant(0, "Short"), variant(1, "Long")],
    ...given,
  };
}

/** A product that says `text` wherever a product has words. */
export function saying(text: string, index: number): GenerateProduct {
  const plain = saleable(`p${index}`, index);
  const short = text.slice(0, 255);
  return {
    ...plain,
    title: short,
    description: text,
    vendor: short,
    category: short,
    tags: [short, `x${short.slice(0, 200)}`],
    image_alt: text.slice(0, 512),
    options: [{ name: short, values: [short, `x${short.slice(0, 200)}`] }],
    variants: (plain.variants ?? []).map((one) => ({ ...one, title: text.slice(0, 500), options: [short] })),
  };
}

/** The body of a request for these products. */
export const requestFor = (products: GenerateProduct[], changes: Partial<GenerateRequest> = {}): GenerateRequest => ({
  shopper_id: "shopper-1",
  persona: {
    type: "explorer",
    confidence: 0.8,
    signals: {
      avg_order_value: 40,
      category_preferences: ["Kind 1"],
      price_sensitivity: "medium",
      browsing_patterns: [],
    },
  },
  shop: {
    shop_id: "a-shop",
    name: "A Shop",
    locale: "en-GB",
    shop_url: SHOP_URL,
    checkout: { kind: "permalink" },
    products,
    brand_guidelines: {
      primary_color: "#3f6b4f",
      secondary_color: "#d9a05b",
      font_family: "Lora, serif",
      tone: "warm, natural",
    },
  },
  page: { canonical_url: CANONICAL, script_url: SCRIPT },
  ...changes,
});

/** What the catalogue of a request lets a page have. */
export function allowedBy({ shop, page }: GenerateRequest, cspHash: string): Expected {
  const shopUrl = new URL(shop.shop_url ?? "https://shop.invalid").href;
  const address = ({ id, url }: GenerateProduct): string =>
    new URL(url ?? `${shopUrl.replace(/\/$/, "")}/products/${encodeURIComponent(id)}`).href;
  const carts = shop.products.flatMap(({ variants = [] }) => variants.map(({ id }) => `${shopUrl}cart/${id}:1`));
  return {
    script: page?.script_url,
    canonical: page?.canonical_url && new URL(page.canonical_url).href,
    cspHash,
    links: [shopUrl, ...shop.products.map(address)],
    pictures: shop.products.flatMap(({ image_url: url }) => (url === null ? [] : new URL(url).href)),
    forms: ["/api/cart", ...carts],
  };
}

/** What a page has that its request's catalogue lacks, or that could run. */
export const breachesIn = ({ ui }: GenerateResponse, request: GenerateRequest): string[] =>
  breachesOf(ui.html, allowedBy(request, ui.csp_hash));
