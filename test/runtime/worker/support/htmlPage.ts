import type { GenerateRequest, GenerateResponse } from "../../../../runtime/contract/generate";
import { ProductSchema } from "../../../../runtime/contract/product";
import { compose, lookOf, ownCss, SLOT } from "../../../../runtime/page";
import { pageFor } from "./generator";

const slot = (id: string): string =>
  `<!--${SLOT.product(id)}--><li data-product-id="${id}"><!--${SLOT.facts}--><!--${SLOT.factsEnd}--></li><!--${SLOT.productEnd}-->`;

/** The page that a generator in the html mode answers with: a model's words around the first three products. */
export function htmlPageFor(request: GenerateRequest): GenerateResponse {
  const { shop, page, persona } = request;
  const products = shop.products.map((one) => ProductSchema.parse(one));
  const face = {
    slug: shop.shop_id,
    name: shop.name ?? shop.shop_id,
    locale: shop.locale ?? "en",
    currency: products[0]?.currency ?? "EUR",
    shop_url: shop.shop_url ?? "https://shop.example",
    brand: shop.brand_guidelines,
  };
  const parts = {
    body: `<h1>Words of a model</h1><ul>${products
      .slice(0, 3)
      .map(({ id }) => slot(id))
      .join("")}</ul>`,
    css: `${ownCss(lookOf(shop.brand_guidelines))}#wand-made h1{color:red}`,
  };
  const about = { canonicalUrl: page?.canonical_url, scriptUrl: page?.script_url, source: "model" as const };
  const made = compose(parts, { persona: persona.type, shop: face, products, page: about });
  if (made === undefined) throw new Error("a page without a product");
  const answer = pageFor(request, "model");
  return { ...answer, ui: { ...answer.ui, html: made.html, csp_hash: made.cspHash, components: [], format: "html" } };
}
