import type { Product } from "../../contract/product";
import { drawProduct } from "../art";
import { plainText, html, webUrl, type Html } from "../html";
import type { Palette } from "../style/tokens";

/** The shop's picture of a product, else a drawing of what it is. The box around it has a fixed ratio, so nothing shifts. */
export function picture(product: Product, palette: Palette, loading: "eager" | "lazy" = "lazy"): Html {
  const source = webUrl(product.image_url);
  if (source === undefined) return drawProduct(product, palette);
  const alt = plainText(product.image_alt).trim() || product.title;
  const priority = loading === "eager" ? html` fetchpriority="high"` : undefined;
  return html`<img
    class="art"
    src="${source}"
    alt="${alt}"
    width="800"
    height="800"
    loading="${loading}"
    ${priority}
    decoding="async"
  />`;
}

/** Hosts of the catalogue's pictures, sorted. */
export function imageHosts(products: readonly Product[]): string[] {
  const sources = products.flatMap((product) => webUrl(product.image_url) ?? []);
  return [...new Set(sources.map((source) => new URL(source).host))].toSorted();
}
