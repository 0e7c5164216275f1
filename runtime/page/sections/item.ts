import type { Product } from "../../contract/product";
import { html, webUrl, type Html } from "../html";
import { buy } from "../product/buy";
import { clip, leftOf, savingOf, stockLabel } from "../product/facts";
import { price } from "../product/price";
import type { ResolvedSection } from "../resolve";
import type { View } from "./view";

type GridConfig = ResolvedSection<"grid">["config"];
export type Shown = GridConfig["show"][number];

const DESCRIPTION_LENGTH = { card: 110, tile: 90, row: 190 } as const; // characters; about two, two and three lines
const MAX_TAGS = 4;
const MAX_OPTION_VALUES = 6;

/** One product of a list: picture, title as the link, price, and the details asked for. */
export function item(product: Product, kind: GridConfig["item"], show: readonly Shown[], view: View): Html {
  const details = DETAILS.filter(([name]) => show.includes(name)).map(([, write]) => write(product, kind, view));
  const vendor = show.includes("vendor") && product.vendor.trim() !== "";
  return html`<li class="item ${kind}${view.tokensOf(product)}" data-product-id="${product.id}">
    <div class="pic">${view.picture(product)}${badge(product, show.includes("saving"), view)}</div>
    <div class="words">
      ${vendor && html`<p class="vendor">${product.vendor}</p>`}
      <h3>${productLink(product)}</h3>
      ${price(product, view)}${details}${buy(product, view)}
    </div>
  </li>`;
}

/** The title, leading to the product's page in the shop. */
export function productLink(product: Product): Html {
  const address = webUrl(product.url);
  return address === undefined ? html`${product.title}` : html`<a href="${address}">${product.title}</a>`;
}

/** What is said on the picture itself: that it is sold out, else how much is saved where that is asked for. */
function badge(product: Product, saving: boolean, view: View): Html | undefined {
  const { say, words } = view.speech;
  if (!product.available) return html`<p class="badge out">${say(words.soldOut)}</p>`;
  const saved = saving ? savedWords(product, view) : undefined;
  return saved === undefined ? undefined : html`<p class="badge">${saved}</p>`;
}

/** How much of a former price is saved, in percent; undefined for less than one. */
export function savedWords(product: Product, { speech, percent }: View): Html | string | undefined {
  const saved = savingOf(product)?.percent ?? 0;
  return saved < 1 ? undefined : speech.say(`${speech.words.save} ${percent(saved)}`);
}

type Detail = (product: Product, kind: GridConfig["item"], view: View) => Html | undefined;
const DETAILS: readonly [Shown, Detail][] = [
  ["description", description],
  ["options", options],
  ["tags", tags],
  ["stock", stock],
];

function description(product: Product, kind: GridConfig["item"]): Html | undefined {
  const text = clip(product.description, DESCRIPTION_LENGTH[kind]);
  return text === "" ? undefined : html`<p class="desc">${text}</p>`;
}

function options(product: Product, _kind: GridConfig["item"], { speech }: View): Html | undefined {
  const choices = product.options.filter((option) => option.values.length > 1);
  if (choices.length === 0) return undefined;
  const rows = choices.map(({ name, values }) => {
    const more = values.length - MAX_OPTION_VALUES;
    return html`<div>
      <dt>${name}</dt>
      <dd>${values.slice(0, MAX_OPTION_VALUES).join(", ")}${more > 0 && [" ", speech.say(speech.words.more(more))]}</dd>
    </div>`;
  });
  return html`<dl class="opts">${rows}</dl>`;
}

function tags(product: Product): Html | undefined {
  const shown = product.tags.filter((tag) => tag.trim() !== "").slice(0, MAX_TAGS);
  return shown.length === 0
    ? undefined
    : html`<ul class="tags" role="list">
        ${shown.map((tag) => html`<li>${tag}</li>`)}
      </ul>`;
}

/**
 * Nothing for what is sold out: the badge says it already. A row says how the stock stands, a card only that little is left: a
 * wall of "in stock" is no news.
 */
function stock(product: Product, kind: GridConfig["item"], { speech }: View): Html | undefined {
  const left = leftOf(product);
  if (!product.available || (kind !== "row" && left === undefined)) return undefined;
  return html`<p class="stock${left !== undefined && " few"}">${speech.say(stockLabel(product, speech.words))}</p>`;
}
