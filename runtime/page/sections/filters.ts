import type { Facet, Lens } from "../facets";
import { html, type Html } from "../html";
import type { ResolvedSection } from "../resolve";
import type { Speech } from "../words";
import { heading, type Level } from "./heading";
import type { View } from "./view";

const FACET_NAMES = { category: "kind", price: "price", saving: "offers" } as const;

/** Links to the lenses of each facet; left out where no facet has a choice. */
export function filters({ anchor, config }: ResolvedSection<"filters">, level: Level, view: View): Html | undefined {
  const groups = config.facets.map((facet) => group(facet, view)).filter((part) => part !== undefined);
  if (groups.length === 0) return undefined;
  const { say, words } = view.speech;
  const title = config.title === "" ? say(words.filter) : view.line(config.title);
  return html`<nav class="filters" id="${anchor}" aria-labelledby="${anchor}-t">
    ${heading(level, anchor, title)}
    <div class="groups">${groups}</div>
  </nav>`;
}

function group(facet: Facet, { lenses: all, speech }: View): Html | undefined {
  const choices = all.filter((lens) => lens.facet === facet);
  if (choices.length === 0) return undefined;
  const links = choices.map(
    (lens) =>
      html`<li>
        <a class="chip" href="#only-${lens.token}" data-facet="${facet}" data-value="${lens.label}"
          >${labelOf(lens, speech)} <span class="count">${lens.products.size}</span></a
        >
      </li>`,
  );
  return html`<div class="facet">
    <p id="facet-${facet}">${speech.say(speech.words[FACET_NAMES[facet]])}</p>
    <ul role="list" aria-labelledby="facet-${facet}">
      ${links}
    </ul>
  </div>`;
}

/** The lenses themselves: hidden until one is the address's target, then a line that says what is shown. */
export function lenses(view: View, total: number, backTo: string): Html {
  const { say, words } = view.speech;
  return html`${view.lenses.map(
    (lens) =>
      html`<p class="lens" id="only-${lens.token}">
        ${say(words.showing(lens.products.size, total))} <strong>${labelOf(lens, view.speech)}</strong>
        <a href="#${backTo}">${say(words.showEverything)}</a>
      </p>`,
  )}`;
}

/** Categories are the shop's own words. */
const labelOf = ({ facet, label }: Lens, { say }: Speech): Html | string => (facet === "category" ? label : say(label));
