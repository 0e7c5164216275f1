import type { Facet, Lens } from "../facets";
import { html, type Html } from "../html";
import type { ResolvedSection } from "../resolve";
import type { View } from "./view";

const FACET_NAMES: Record<Facet, string> = { category: "Kind", price: "Price", saving: "Offers" };

/** Links to the lenses of each facet; left out where no facet has a choice. */
export function filters({ anchor, config }: ResolvedSection<"filters">, view: View): Html | undefined {
  const groups = config.facets.map((facet) => group(facet, view.lenses)).filter((part) => part !== undefined);
  if (groups.length === 0) return undefined;
  const title = config.title === "" ? "Filter" : config.title;
  return html`<nav class="filters" id="${anchor}" aria-labelledby="${anchor}-t">
    <h2 id="${anchor}-t">${title}</h2>
    <div class="groups">${groups}</div>
  </nav>`;
}

function group(facet: Facet, all: readonly Lens[]): Html | undefined {
  const choices = all.filter((lens) => lens.facet === facet);
  if (choices.length === 0) return undefined;
  const links = choices.map(
    (lens) =>
      html`<li>
        <a class="chip" href="#only-${lens.token}" data-facet="${facet}" data-value="${lens.label}"
          >${lens.label} <span class="count">${lens.products.size}</span></a
        >
      </li>`,
  );
  return html`<div class="facet">
    <p id="facet-${facet}">${FACET_NAMES[facet]}</p>
    <ul role="list" aria-labelledby="facet-${facet}">
      ${links}
    </ul>
  </div>`;
}

/** The lenses themselves: hidden until one is the address's target, then a line that says what is shown. */
export function lenses(view: View, total: number, backTo: string): Html {
  return html`${view.lenses.map(
    (lens) =>
      html`<p class="lens" id="only-${lens.token}">
        Showing ${lens.products.size} of ${total}: <strong>${lens.label}</strong>
        <a href="#${backTo}">Show everything</a>
      </p>`,
  )}`;
}
