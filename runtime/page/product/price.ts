import type { Product } from "../../contract/product";
import { html, type Html } from "../html";
import type { Money } from "../money";
import type { Speech } from "../words";
import { priceLabel, savingOf } from "./facts";

interface Speaker {
  money: Money;
  speech: Speech;
}

/** The price, and what it was before where the catalogue says so. */
export const price = (product: Product, speaker: Speaker): Html =>
  html`<p class="price">${priceWords(product, speaker)}</p>`;

/** As `price`, without the element around it. */
export function priceWords(product: Product, { money, speech }: Speaker): Html {
  const { say, words } = speech;
  const before = savingOf(product) === undefined ? null : product.compare_at_price;
  const was =
    before === null
      ? undefined
      : html` <s><span class="vh">${say(`${words.was} `)}</span>${money(before, product.currency)}</s>`;
  const label = priceLabel(product, money, words);
  return html`<strong>${product.price_max > product.price ? say(label) : label}</strong>${was}`;
}
