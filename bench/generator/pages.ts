import path from "node:path";
import type { GenerateRequest } from "../../runtime/contract/generate";
import { PERSONA_TYPES, type Persona } from "../../runtime/contract/persona";
import type { StoreRecord } from "../../runtime/contract/store";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import { templateLayout } from "../../runtime/page";

/** The shop whose pages are made. */
export const STORE = path.resolve(__dirname, "../../stores/magic-wands");
export const HTML_BYTES = 40 * 1024;

/** What a model's pages are made of: the bodies that are sent, and what the model answers. */
export interface Pages {
  /** `POST /generate`, one for each persona, in turn. */
  readonly bodies: Readonly<Record<"layout" | "html", readonly string[]>>;
  readonly answers: Readonly<Record<"layout" | "html", string>>;
}

export const loadShop = (folder: string): StoreRecord => loadStore(folder).record;

export function pagesOf(shop: StoreRecord): Pages {
  const { products } = shop.catalogue;
  const bodies = (format: "layout" | "html"): string[] =>
    PERSONA_TYPES.map((type) => {
      const request: GenerateRequest = {
        shopper_id: "cohort",
        persona: personaOf(type),
        shop: {
          shop_id: shop.slug,
          name: shop.name,
          locale: shop.locale,
          shop_url: shop.shop_url,
          catalogue_version: shop.catalogue.version,
          products,
          brand_guidelines: shop.brand,
        },
        options: { format },
      };
      return JSON.stringify(request);
    });
  const layout = templateLayout({ persona: personaOf("unknown"), products, brand: shop.brand, shopName: shop.name });
  return {
    bodies: { layout: bodies("layout"), html: bodies("html") },
    answers: {
      layout: JSON.stringify(layout),
      html: JSON.stringify({ html: htmlPage(shop, HTML_BYTES), components: layout.sections, persona_hash: "" }),
    },
  };
}

export const personaOf = (type: Persona["type"]): Persona => ({
  type,
  confidence: 0.8,
  signals: {
    avg_order_value: 60,
    category_preferences: [],
    price_sensitivity: "medium",
    browsing_patterns: ["quick_views"],
  },
});

/** Cards on a page a model writes: more would be a list, which our own template makes as well. */
const CARDS = 24;
const CARDS_IN_A_ROW = 4;

/** A document as a model writes one, of that many bytes: sections of text with some products in them, and a style sheet. */
export function htmlPage(shop: StoreRecord, bytes: number): string {
  const ids = shop.catalogue.products.filter((product) => product.available).map(({ id }) => id);
  const part = (index: number): string => {
    const first = index * CARDS_IN_A_ROW;
    const cards = ids.slice(first, Math.min(first + CARDS_IN_A_ROW, CARDS));
    const row = cards.map((id) => `<li class="card" data-product-id="${id}"></li>`).join("");
    const link = `<a data-product-link="${ids[index % ids.length]}">See it</a>`;
    return `<section class="part part-${index}" id="part-${index}"><h2>Part ${index + 1} of the shelf</h2><p>${TEXT}</p><p class="more">${link}</p>${row && `<ul class="row">${row}</ul>`}</section>`;
  };
  const css = Array.from({ length: 20 }, (_, index) => RULES.replaceAll("@", `.part-${index}`)).join("");
  const head = `<!doctype html><html lang="en"><head><title>Wands</title><style>${css}</style></head><body><main><h1>Wands worth waiting for</h1>`;
  let body = "";
  for (let index = 0; head.length + body.length < bytes; index++) body += part(index);
  return `${head}${body}</main></body></html>`;
}

const TEXT = "Made slowly by <em>people</em> who know their wood, and checked by those who will use it. ".repeat(4);
const RULES =
  "@{display:grid;gap:1rem;padding:2rem 1rem;background:var(--surface);border-radius:var(--radius)}@ h2{color:var(--ink);font-size:1.4rem}@media (min-width:50rem){@{grid-template-columns:1fr 2fr}}";
