import type { Product } from "../../contract/product";
import { html, type Html } from "../html";
import { price } from "../product/price";
import { REST_ANCHOR, type ResolvedSection } from "../resolve";
import { columnsOf } from "./columns";
import { heading } from "./heading";
import { item, productLink } from "./item";
import type { View } from "./view";

/** A list of products in columns. */
export function grid({ anchor, config, products }: ResolvedSection<"grid">, view: View): Html {
  const { say, words } = view.speech;
  const title =
    config.title === ""
      ? html`<h2 class="vh" id="${anchor}-t">${say(words.products)}</h2>`
      : heading(2, anchor, view.line(config.title));
  const items = products.map((product) => item(product, config.item, config.show, view));
  return html`<section class="list" id="${anchor}" aria-labelledby="${anchor}-t">
    ${title}
    <ul class="grid ${config.density} of-${config.item} ${columnClasses(config, products.length)}" role="list">
      ${items}
    </ul>
  </section>`;
}

function columnClasses(config: ResolvedSection<"grid">["config"], count: number): string {
  if (config.item === "row") return config.columns === 1 ? "single" : "";
  const { middle, wide, mosaic } = columnsOf(config, count);
  return `mid-${middle} wide-${wide}${mosaic ? " mosaic" : ""}`;
}

/** Products chosen for a reason, which is said. A strip to swipe on small screens. */
export function recommendations({ anchor, config, products }: ResolvedSection<"recommendations">, view: View): Html {
  const reason = config.reason === "" ? undefined : html`<p class="reason">${view.line(config.reason)}</p>`;
  const items = products.map((product) => item(product, "card", ["saving"], view));
  return html`<section class="list recs" id="${anchor}" aria-labelledby="${anchor}-t">
    <div class="head">${heading(2, anchor, view.line(config.title))}${reason}</div>
    <ul class="strip" role="list">
      ${items}
    </ul>
  </section>`;
}

/**
 * Every product that the page's lists leave out, as a plain list of names and prices: a personal page hides nothing.
 * Folded where the page has no filter; a lens must reach the list.
 */
export function everythingElse(products: readonly Product[], view: View): Html | undefined {
  if (products.length === 0) return undefined;
  const { say, words } = view.speech;
  const title = html`${say(words.everythingElse)} <span class="count">${products.length}</span>`;
  const rows = products.map(
    (product) =>
      html`<li class="item line${view.tokensOf(product)}" data-product-id="${product.id}">
        <h3>${productLink(product)}</h3>
        ${product.available ? price(product, view) : html`<p class="price">${say(words.soldOut)}</p>`}
      </li>`,
  );
  const list = html`<ul class="index" role="list">
    ${rows}
  </ul>`;
  const anchor = REST_ANCHOR;
  return view.lenses.length > 0
    ? html`<section class="list rest" id="${anchor}" aria-labelledby="${anchor}-t">
        <h2 id="${anchor}-t">${title}</h2>
        ${list}
      </section>`
    : html`<section class="list rest" id="${anchor}" aria-labelledby="${anchor}-t">
        <details>
          <summary><h2 id="${anchor}-t">${title}</h2></summary>
          ${list}
        </details>
      </section>`;
}
