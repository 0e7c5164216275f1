import type { Outlines } from "./art";
import { directionOf } from "./direction";
import { lensesOf, type Lens } from "./facets";
import { html, trusted, type Html } from "./html";
import type { PageInput, RenderedPage } from "./input";
import { moneyIn, percentIn } from "./money";
import { imageHosts, picture } from "./product/picture";
import { isList, resolve, type Resolved, type ResolvedLayout } from "./resolve";
import { cta } from "./sections/cta";
import { filters, lenses } from "./sections/filters";
import { header } from "./sections/header";
import type { Level } from "./sections/heading";
import { hero } from "./sections/hero";
import { everythingElse, grid, recommendations } from "./sections/lists";
import { consentNotice } from "./sections/privacy";
import type { View } from "./sections/view";
import { shell } from "./shell";
import { pageSheet } from "./style";
import { lookOf } from "./style/look";
import { speechIn } from "./words";

/** So many pictures are seen before anybody scrolls. */
const PICTURES_AT_THE_TOP = 4;

/** Renders a layout with a shop's products as a whole HTML document. Pure: the same input gives the same page. */
export function render(input: PageInput): RenderedPage {
  const { layout, shop, products, page } = input;
  const look = lookOf(shop.brand);
  const { palette } = look;
  const money = moneyIn(shop.locale);
  const speech = speechIn(shop.locale);
  const resolved = resolve(layout, products);
  const facets = resolved.sections.flatMap((section) => (section.type === "filters" ? section.config.facets : []));
  const choices = lensesOf(products, facets, { money, words: speech.words });
  const outlines: Outlines = new Map();
  let atTheTop = PICTURES_AT_THE_TOP;
  const view: View = {
    shop,
    persona: layout.persona,
    money,
    percent: percentIn(shop.locale),
    speech,
    line: page.source === "template" ? speech.say : (text) => text, // a model writes in the shop's language
    lenses: choices,
    picture: (product, loading = atTheTop-- > 0 ? "eager" : "lazy") => picture(product, palette, outlines, loading),
    tokensOf: (product) => tokens(choices, product.id),
    firstList: resolved.firstList,
  };
  const direction = directionOf(shop.locale);
  const { css, cspHash } = pageSheet({ look, direction, persona: layout.persona, lenses: choices, resolved });
  const content = main(resolved, view, products.length); // before the outlines, which it fills
  const document = shell(input, look, {
    css,
    outlines,
    attributes: html` ${page.preparing === true && trusted(" data-wand-preparing")} `,
    body: html`${header(input, look)} ${consentNotice(input)} ${content}`,
  });
  return { html: document.value, css, cspHash, imageHosts: imageHosts(products) };
}

const tokens = (choices: readonly Lens[], id: string): string =>
  choices
    .filter((lens) => lens.products.has(id))
    .map((lens) => ` ${lens.token}`)
    .join("");

function main(resolved: ResolvedLayout, view: View, total: number): Html {
  return html`<main id="main" tabindex="-1">
    ${total === 0 ? emptyShop(view) : sectionsOf(resolved, view, total)}
    <div id="wand-notice" role="status" aria-live="polite"></div>
  </main>`;
}

function sectionsOf(resolved: ResolvedLayout, view: View, total: number): Html {
  const [first] = resolved.sections;
  const lensesAt = resolved.sections.findIndex((section) => section.type === "filters" || isList(section));
  const filtersAt = resolved.sections.find((section) => section.type === "filters")?.anchor ?? "main";
  const written = resolved.sections.map((section) => write(section, section === first ? 1 : 2, view));
  const title = !isTitled(first, written[0]) && html`<h1 class="vh">${view.shop.name}</h1>`;
  const parts = written.map((part, index) => [index === lensesAt && lenses(view, total, filtersAt), part]);
  return html`${title}${parts}${everythingElse(resolved.rest, view)}`;
}

/** Whatever the layout says, it would speak of things that are not there. */
function emptyShop({ shop, speech }: View): Html {
  return html`<h1 class="vh">${shop.name}</h1>
    <p class="empty">${speech.say(speech.words.empty)}</p>`;
}

/** Whether the page's first section has the page's title. A list has not: between it and its products one is missing. */
const isTitled = (first: Resolved | undefined, written: Html | undefined): boolean =>
  written !== undefined && (first?.type === "hero" || first?.type === "filters");

function write(section: Resolved, level: Level, view: View): Html | undefined {
  switch (section.type) {
    case "hero":
      return hero(section, level, view);
    case "grid":
      return grid(section, view);
    case "recommendations":
      return recommendations(section, view);
    case "filters":
      return filters(section, level, view);
    case "cta":
      return cta(section, view);
  }
}
