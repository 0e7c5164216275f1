import type { GenerateRequest } from "../../../runtime/contract/generate";

export const SHOPPER_ID = "shopper-4711";

/** The body of the wire contract's own example, with a few products more. */
export function canonicalBody(): GenerateRequest {
  const product = (
    id: string,
    title: string,
    price: number,
    category: string,
  ): GenerateRequest["shop"]["products"][0] => ({
    id,
    title,
    price,
    currency: "USD",
    image_url: `https://cdn.example.com/${id}.jpg`,
    category,
    tags: ["wireless"],
  });
  return {
    shopper_id: SHOPPER_ID,
    persona: {
      type: "minimalist",
      confidence: 0.85,
      signals: {
        avg_order_value: 45.5,
        category_preferences: ["electronics", "accessories"],
        price_sensitivity: "medium",
        browsing_patterns: ["quick_views", "filter_heavy"],
      },
    },
    shop: {
      shop_id: "store_xyz789",
      products: [
        product("prod_001", "Wireless Earbuds Pro", 79.99, "electronics"),
        product("prod_002", "Desk Lamp", 34.5, "home"),
        product("prod_003", "Travel Case", 19, "accessories"),
      ],
      brand_guidelines: {
        primary_color: "#6366F1",
        secondary_color: "#8B5CF6",
        font_family: "Inter, sans-serif",
        tone: "modern, professional, friendly",
      },
    },
  };
}

/** A layout as a well-behaved model writes it; the hero's title is how tests know it again. */
export const MODEL_TITLE = "Sound without the fuss";
export const layoutText = (productIds: string[] = ["prod_001", "prod_003"]): string =>
  JSON.stringify({
    sections: [
      { type: "hero", id: "hero_main", config: { title: MODEL_TITLE, cta_text: "See them", style: "quiet" } },
      { type: "grid", id: "grid_main", config: { title: "Picked", columns: 2, product_ids: productIds } },
    ],
  });
