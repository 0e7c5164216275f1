import { html, webUrl, type Html } from "../html";
import type { PageInput } from "../input";
import type { Look } from "../style/look";
import { speechIn } from "../words";

/** The head of every page, whoever wrote the rest: whose shop it is. */
export function header({ shop, page }: Pick<PageInput, "shop" | "page">, { character }: Look): Html {
  const { mark, tagline } = shop.brand;
  const home = webUrl(shop.shop_url);
  const { say, words } = speechIn(shop.locale);
  const name = html`${mark && html`<span class="mark" aria-hidden="true">${mark}</span> `}<span>${shop.name}</span>`;
  const brand =
    home === undefined ? html`<span class="brand">${name}</span>` : html`<a class="brand" href="${home}">${name}</a>`;
  const preparing = page.preparing === true ? html`<p class="preparing">${say(words.preparing)}</p>` : undefined;
  return html`<header class="top ${character.header}">
    ${brand}${tagline && html`<p class="tagline">${tagline}</p>`}${preparing}
  </header>`;
}
