import type { Product } from "../../contract/product";
import { html, type Html } from "../html";
import { savingOf } from "../product/facts";
import { price } from "../product/price";
import { productLink } from "../sections/item";
import type { View } from "../sections/view";

/** What the element of a product holds, whatever a model wrote there: picture, saving, title as the link, price. */
export function card(product: Product, view: View): Html {
  const saving = savingOf(product);
  const badge = saving !== undefined && saving.percent >= 1 && html`<p class="badge">Save ${saving.percent}%</p>`;
  return html`<div class="pic">${view.picture(product)}${badge}</div>
    <p class="wand-title">${productLink(product)}</p>
    ${price(product, view.money)}`;
}
