import { html, type Html } from "../html";
import { offer } from "../product/buy";
import type { ResolvedSection } from "../resolve";
import { button } from "./hero";
import type { View } from "./view";

/** A band that asks for one thing. */
export function cta({ anchor, config, product }: ResolvedSection<"cta">, view: View): Html {
  const text = config.text === "" ? undefined : html`<p>${config.text}</p>`;
  const picture = product && html`<div class="pic">${view.picture(product)}</div>`;
  return html`<section class="cta${picture === undefined && " alone"}" id="${anchor}" aria-labelledby="${anchor}-t">
    ${picture}
    <div class="cta-words">
      <h2 id="${anchor}-t">${config.title}</h2>
      ${text}${button(config.cta_text, product, view)}${product && offer(product, view)}
    </div>
  </section>`;
}
