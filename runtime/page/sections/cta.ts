import { html, type Html } from "../html";
import { offer } from "../product/buy";
import { price } from "../product/price";
import type { ResolvedSection } from "../resolve";
import { button } from "./hero";
import { productLink } from "./item";
import type { View } from "./view";

/** A band that asks for one thing; with a product, its picture, name and price. */
export function cta({ anchor, config, product }: ResolvedSection<"cta">, view: View): Html {
  const text = config.text === "" ? undefined : html`<p>${view.line(config.text)}</p>`;
  const picture = product && html`<div class="pic">${view.picture(product)}</div>`;
  const named = product && html`<p class="named">${productLink(product)}</p>`;
  return html`<section class="cta${picture === undefined && " alone"}" id="${anchor}" aria-labelledby="${anchor}-t">
    ${picture}
    <div class="cta-words">
      <h2 id="${anchor}-t">${view.line(config.title)}</h2>
      ${text}${named}${product && price(product, view)}${button(config.cta_text, product, view)}${product && offer(product, view)}
    </div>
  </section>`;
}
