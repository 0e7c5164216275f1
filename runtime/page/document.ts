import type { Outlines } from "./art";
import { directionOf } from "./direction";
import { lensesOf, type Lens } from "./facets";
import { html, trusted, webUrl, type Html } from "./html";
import type { PageInput, RenderedPage } from "./input";
import { moneyIn } from "./money";
import { imageHosts, picture } from "./product/picture";
import { isList, resolve, type Resolved, type ResolvedLayout } from "./resolve";
import { cta } from "./sections/cta";
import { filters, lenses } from "./sections/filters";
import { hero } from "./sections/hero";
import { everythingElse, grid, recommendations } from "./sections/lists";
import { consentNotice } from "./sections/privacy";
import type { View } from "./sections/view";
import { shell } from "./shell";
import { pageSheet } from "./style";
import { lookOf } from "./style/look";

/** So many pictures are seen before anybody scrolls. */
const PICTURES_AT_THE_TOP = 4;

/** Renders a layout with a shop's products as a whole HTML document. Pure: the same input gives the same page. */
export function render(input: PageInput): RenderedPage {
  const { layout, shop, products, page } = input;
  const look = lookOf(shop.brand);
  const { character, palette } = look;
  const money = moneyIn(shop.locale);
  const resolved = resolve(layout, products);
  const facets = resolved.sections.flatMap((section) => (section.type === "filters" ? section.config.facets : []));
  const choices = lensesOf(products, facets, money);
  const outlines: Outlines = new Map();
  let atTheTop = PICTURES_AT_THE_TOP;
  const view: View = {
    shop,
    persona: layout.persona,
    money,
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
    body: html`${header(input, character.header)} ${consentNotice(input)} ${content}`,
  });
  return { html: document.value, css, cspHash, imageHosts: imageHosts(products) };
}

const tokens = (choices: readonly Lens[], id: string): string =>
  choices
    .filter((lens) => lens.products.has(id))
    .map((lens) => ` ${lens.token}`)
    .join("");

function header({ shop, page }: PageInput, style: string): Html {
  const { mark, tagline } = shop.brand;
  const home = webUrl(shop.shop_url);
  const name = html`${mark && html`<span class="mark" aria-hidden="true">${mark}</span> `}<span>${shop.name}</span>`;
  const brand =
    home === undefined ? html`<span class="brand">${name}</span>` : html`<a class="brand" href="${home}">${name}</a>`;
  const preparing =
    page.preparing === true ? html`<p class="preparing">We are arranging this shop for you…</p>` : undefined;
  return html`<header class="top ${style}">
    ${brand}${tagline && html`<p class="tagline">${tagline}</p>`}${preparing}
  </header>`;
}

function main(resolved: ResolvedLayout, view: View, total: number): Html {
  const [first] = resolved.sections;
  const title = first?.type === "hero" ? undefined : html`<h1 class="vh">${view.shop.name}</h1>`;
  const lensesAt = resolved.sections.findIndex((section) => section.type === "filters" || isList(section));
  const filtersAt = resolved.sections.find((section) => section.type === "filters")?.anchor ?? "main";
  const parts = resolved.sections.map((section, index) => [
    index === lensesAt && lenses(view, total, filtersAt),
    write(section, section === first ? 1 : 2, view),
  ]);
  const empty =
    total === 0 && html`<p class="empty">There is nothing on the shelves just now. Please come back soon.</p>`;
  return html`<main id="main" tabindex="-1">
    ${title}${parts}${empty}${everythingElse(resolved.rest, view)}
    <div id="wand-notice" role="status" aria-live="polite"></div>
  </main>`;
}

function write(section: Resolved, level: 1 | 2, view: View): Html | undefined {
  switch (section.type) {
    case "hero":
      return hero(section, level, view);
    case "grid":
      return grid(section, view);
    case "recommendations":
      return recommendations(section, view);
    case "filters":
      return filters(section, view);
    case "cta":
      return cta(section, view);
  }
}
