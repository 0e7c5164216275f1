import type { Product } from "../../contract/product";
import { drawProduct, type Outlines } from "../art";
import { plainText, html, type Html } from "../html";
import { byObject } from "../memo";
import type { Palette } from "../style/tokens";
import { pictureOf } from "./address";

/** `first` for the picture a page opens with, `eager` for those beside it, `lazy` for what a reader has to scroll to. */
export type Loading = "first" | "eager" | "lazy";

/**
 * The shop's picture of a product, else a drawing of what it is, whose outlines join `outlines`. The box around it has a
 * fixed ratio, so nothing shifts.
 */
export function picture(product: Product, palette: Palette, outlines: Outlines, loading: Loading = "lazy"): Html {
  const source = pictureOf(product);
  if (source === undefined) {
    const drawing = drawProduct(product, palette);
    for (const [id, d] of drawing.outlines) outlines.set(id, d);
    return drawing.svg;
  }
  const alt = plainText(product.image_alt).trim() || product.title;
  const priority = loading === "first" ? html` fetchpriority="high"` : undefined;
  return html`<img
    class="art"
    src="${source}"
    alt="${alt}"
    width="800"
    height="800"
    loading="${loading === "lazy" ? "lazy" : "eager"}"
    ${priority}
    decoding="async"
  />`;
}

/** Hosts of the catalogue's pictures, sorted. */
export const imageHosts = byObject((products: readonly Product[]): string[] => {
  const sources = products.flatMap((product) => pictureOf(product) ?? []);
  return [...new Set(sources.map((source) => new URL(source).host))].toSorted();
});
