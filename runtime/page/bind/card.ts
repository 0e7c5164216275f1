import type { Product } from "../../contract/product";
import { html, type Html } from "../html";
import { priceWords } from "../product/price";
import { productLink, savedWords } from "../sections/item";
import type { View } from "../sections/view";

/**
 * What the element of a product holds, whatever a model wrote there: picture, saving, title as the link, price. No paragraphs:
 * what a model says of its own is not meant for these.
 */
export function card(product: Product, view: View): Html {
  const saved = savedWords(product, view);
  return html`<div class="pic">${view.picture(product)}${saved && html`<div class="badge">${saved}</div>`}</div>
    <div class="wand-title">${productLink(product)}</div>
    <div class="price">${priceWords(product, view)}</div>`;
}
