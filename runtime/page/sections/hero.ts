import type { Product } from "../../contract/product";
import { html, webUrl, type Html } from "../html";
import { offer, sale } from "../product/buy";
import { clip, savingOf, stockLabel } from "../product/facts";
import { price } from "../product/price";
import type { ResolvedSection } from "../resolve";
import { productLink } from "./item";
import type { View } from "./view";

type Hero = ResolvedSection<"hero">;

/** The opening of a page. `level` is 1 where it is the page's first section: then its title is the page's. */
export function hero(section: Hero, level: 1 | 2, view: View): Html {
  const { anchor, config, product } = section;
  const style = styleOf(section);
  const tag = heading(level, anchor, config.title);
  const subtitle = config.subtitle === "" ? undefined : html`<p class="lede">${config.subtitle}</p>`;
  const figure = style === "deal" && product !== undefined ? dealFigure(product) : undefined;
  const facts = style === "split" && view.persona === "collector" && product !== undefined ? spec(product) : undefined;
  const saved = figure && product && save(product, view);
  const words = html`<div class="hero-words">
    ${figure}${tag}${saved}${subtitle}${facts}${button(config.cta_text, product, view)}${style === "quiet" && product && offer(product, view)}
  </div>`;
  const shown = style === "quiet" || product === undefined ? undefined : showcase(product, view);
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

const heading = (level: 1 | 2, anchor: string, title: string): Html =>
  level === 1 ? html`<h1 id="${anchor}-t">${title}</h1>` : html`<h2 id="${anchor}-t">${title}</h2>`;

function dealFigure(product: Product): Html | undefined {
  const saving = savingOf(product);
  return saving && html`<p class="figure"><span>Save</span> ${saving.percent}%</p>`;
}

function save(product: Product, { money }: View): Html | undefined {
  const saving = savingOf(product);
  return saving && html`<p class="saved">You save ${money(saving.amount, product.currency)}</p>`;
}

/** For who compares: what the catalogue knows of the product, line by line. */
function spec(product: Product): Html {
  const known = [
    ["Maker", product.vendor],
    ["Kind", product.category],
    ...product.options.filter(({ values }) => values.length > 1).map(({ name, values }) => [name, values.join(", ")]),
    ["Stock", stockLabel(product)],
  ].filter(([name, value]) => name?.trim() && value?.trim());
  const rows = known.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${clip(value ?? "", 90)}</dd>
      </div>`,
  );
  return html`<dl class="spec">${rows}</dl>`;
}

function showcase(product: Product, view: View): Html {
  return html`<div class="showcase" data-product-id="${product.id}">
    <div class="pic">${view.picture(product, "first")}</div>
    <div class="caption">
      <p class="name">${productLink(product)}</p>
      ${price(product, view.money)}
    </div>
    ${sale(product, view)}
  </div>`;
}

/** A button to the product, else to the first list of the page; none on a page without either. */
export function button(label: string, product: Product | undefined, view: View): Html | undefined {
  const list = view.firstList === undefined ? undefined : `#${view.firstList}`;
  const target = webUrl(product?.url) ?? list;
  return target === undefined ? undefined : html`<p class="act"><a class="button" href="${target}">${label}</a></p>`;
}
