import type { Product } from "../../contract/product";
import { html, type Html } from "../html";
import type { Money } from "../money";
import { priceLabel, savingOf } from "./facts";

/** The price, and what it was before where the catalogue says so. */
export function price(product: Product, money: Money): Html {
  const before = savingOf(product) === undefined ? null : product.compare_at_price;
  const was =
    before === null ? undefined : html` <s><span class="vh">was </span>${money(before, product.currency)}</s>`;
  return html`<p class="price"><strong>${priceLabel(product, money)}</strong>${was}</p>`;
}
