import type { Product } from "../../contract/product";
import { html, webUrl, type Html, type Interpolated } from "../html";
import { buy, offer } from "../product/buy";
import { clip, savingOf, stockLabel } from "../product/facts";
import { price } from "../product/price";
import type { ResolvedSection } from "../resolve";
import { heading, type Level } from "./heading";
import { productLink } from "./item";
import type { View } from "./view";

type Hero = ResolvedSection<"hero">;

/** The opening of a page. `level` is 1 where it is the page's first section: then its title is the page's. */
export function hero(section: Hero, level: Level, view: View): Html {
  const { anchor, config, product } = section;
  const style = styleOf(section);
  const tag = heading(level, anchor, view.line(config.title));
  const subtitle = config.subtitle === "" ? undefined : html`<p class="lede">${view.line(config.subtitle)}</p>`;
  const figure = style === "deal" && product !== undefined ? dealFigure(product, view) : undefined;
  const closeUp = style === "split" && view.persona === "collector";
  const facts = closeUp && product !== undefined ? spec(product, view) : undefined;
  const saved = figure && product && save(product, view);
  const words = html`<div class="hero-words">
    ${figure}${tag}${saved}${subtitle}${facts}${button(config.cta_text, product, view)}${style === "quiet" && product && offer(product, view)}
  </div>`;
  const shown = style === "quiet" || product === undefined ? undefined : showcase(product, closeUp, view);
  return html`<section
    class="hero ${style}${shown === undefined && " alone"}"
    id="${anchor}"
    aria-labelledby="${anchor}-t"
  >
    ${words}${shown}
  </section>`;
}

/** A deal without a saving in the catalogue is shown as a product; a product that is not there, as words. */
function styleOf({ config, product }: Hero): Hero["config"]["style"] {
  if (config.style === "banner" || config.style === "quiet") return config.style;
  if (product === undefined) return "quiet";
  return config.style === "deal" && savingOf(product) === undefined ? "split" : config.style;
}

function dealFigure(product: Product, { percent, speech }: View): Html | undefined {
  const saving = savingOf(product);
  return saving && html`<p class="figure"><span>${speech.say(speech.words.save)}</span> ${percent(saving.percent)}</p>`;
}

function save(product: Product, { money, speech }: View): Html | undefined {
  const saving = savingOf(product);
  return (
    saving && html`<p class="saved">${speech.say(speech.words.youSave(money(saving.amount, product.currency)))}</p>`
  );
}

/** For who compares: what the catalogue knows of the product, line by line. */
function spec(product: Product, { speech }: View): Html {
  const { say, words } = speech;
  const options = product.options.filter(({ name, values }) => values.length > 1 && name.trim() !== "");
  const rows = [
    product.vendor.trim() !== "" && fact(say(words.maker), clip(product.vendor, 90)),
    product.category.trim() !== "" && fact(say(words.kind), clip(product.category, 90)),
    ...options.map(({ name, values }) => fact(name, clip(values.join(", "), 90))),
    fact(say(words.stock), say(stockLabel(product, words))),
  ];
  return html`<dl class="spec">${rows}</dl>`;
}

const fact = (name: Interpolated, value: Interpolated): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

const CLOSE_UP = 280; // characters of a description; about four lines beside the words

/** The product itself, with what the shop says of it where it is looked at closely. */
function showcase(product: Product, closeUp: boolean, view: View): Html {
  const text = closeUp ? clip(product.description, CLOSE_UP) : "";
  return html`<div class="showcase" data-product-id="${product.id}">
    <div class="pic">${view.picture(product, "first")}</div>
    <div class="caption">
      <p class="name">${productLink(product)}</p>
      ${price(product, view)}
    </div>
    ${text !== "" && html`<p class="desc">${text}</p>`}${buy(product, view)}
  </div>`;
}

/** A button to the product, else to the first list of the page; none on a page without either. */
export function button(label: string, product: Product | undefined, view: View): Html | undefined {
  const list = view.firstList === undefined ? undefined : `#${view.firstList}`;
  const address = webUrl(product?.url);
  const target = address ?? list;
  if (target === undefined) return undefined;
  const about = address && html` data-product-id="${product?.id}"`;
  return html`<p class="act" ${about}><a class="button" href="${target}">${view.line(label)}</a></p>`;
}
