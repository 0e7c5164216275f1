import type { PersonaType } from "../../contract/persona";
import type { Product } from "../../contract/product";
import type { Outlines } from "../art";
import { escapeText, html, trusted, type Html } from "../html";
import type { PageInput, RenderedPage, ShopFace } from "../input";
import { moneyIn, percentIn } from "../money";
import { addressOf } from "../product/address";
import { imageHosts, picture } from "../product/picture";
import { header } from "../sections/header";
import { everythingElse } from "../sections/lists";
import type { View } from "../sections/view";
import { shell } from "../shell";
import { cspHash } from "../style";
import { lookOf } from "../style/look";
import { speechIn } from "../words";
import { card } from "./card";
import { fillSlots, page as pageSlot, type Parts } from "./slots";
import { MADE_ID } from "./style";

/** The facts of the day that a page which a model wrote is filled with. */
export interface PageFacts {
  persona: PersonaType;
  shop: ShopFace;
  /** The whole catalogue: what the model's part does not show is listed below it. */
  products: readonly Product[];
  page: PageInput["page"];
}

/**
 * A whole document from a model's parts and today's facts. Products that are gone or sold out vanish from the model's part;
 * sold-out ones are in the list below it, which says so. Undefined when no product is left in the model's part: its words
 * are then about nothing.
 */
export function compose({ body, css }: Parts, facts: PageFacts): RenderedPage | undefined {
  const { shop, products, persona, page } = facts;
  const look = lookOf(shop.brand);
  const outlines: Outlines = new Map();
  const view: View = {
    shop,
    persona,
    money: moneyIn(shop.locale),
    percent: percentIn(shop.locale),
    speech: speechIn(shop.locale),
    line: (text) => text,
    lenses: [],
    picture: (product, loading) => picture(product, look.palette, outlines, loading),
    tokensOf: () => "",
    firstList: undefined,
  };
  const buyable = new Map(products.filter((product) => product.available).map((product) => [product.id, product]));
  const shown = new Set<string>();
  const bound = fillSlots(body, {
    facts: (id) => {
      const product = buyable.get(id);
      if (product === undefined) return undefined;
      shown.add(id);
      return card(product, view).value;
    },
    link: (id) => {
      const product = buyable.get(id);
      const address = product && addressOf(product);
      return address === undefined ? undefined : escapeText(address);
    },
  });
  if (shown.size === 0) return undefined;
  const rest = products.filter((product) => !shown.has(product.id));
  const main = content(bound, shop.name, everythingElse(rest, view)); // before the outlines, which it fills
  const input: PageInput = { layout: { version: 1, persona, sections: [] }, shop, products, page };
  const document = shell(input, look, { css, outlines, body: html`${header(facts, look)} ${main}` });
  return { html: document.value, css, cspHash: cspHash(css), imageHosts: imageHosts(products) };
}

function content(bound: string, name: string, rest: Html | undefined): Html {
  const title = /<h1[ >]/.test(bound) ? undefined : html`<h1 class="vh">${name}</h1>`;
  return html`<main id="main" tabindex="-1">
    ${title}
    <div id="wand-frame"><div id="${MADE_ID}">${trusted(pageSlot(bound))}</div></div>
    ${rest}
    <div id="wand-notice" role="status" aria-live="polite"></div>
  </main>`;
}
