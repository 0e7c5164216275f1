import { sharedPaint, type Outlines } from "./art";
import { directionOf } from "./direction";
import { html, trusted, webUrl, type Html } from "./html";
import type { PageInput } from "./input";
import { madeBy } from "./madeBy";
import { pictureOf } from "./product/address";
import { clip } from "./product/facts";
import { privacyLine } from "./sections/privacy";
import { structuredData } from "./structuredData";
import type { Look } from "./style/look";
import { speechIn } from "./words";

/** What one page puts into the shell. */
export interface Filling {
  css: string;
  /** Of the drawings in `body`, which fills them: it has to be written before. */
  outlines: Outlines;
  /** What the root element says beside the shop and the persona. */
  attributes?: Html;
  /** All between the way past the header and the foot. */
  body: Html;
}

/** The document around a page, whoever wrote its body: root, head, shared paint, the way to the products, foot. */
export function shell(
  input: PageInput,
  { character, palette }: Look,
  { css, outlines, attributes, body }: Filling,
): Html {
  const { locale, slug } = input.shop;
  const { words, say } = speechIn(locale);
  const shown = html`data-store="${slug}" data-persona="${input.layout.persona}"`;
  const root = html`lang="${locale}" dir="${directionOf(locale)}" ${shown}${attributes}`;
  return html`<!doctype html>
    <html ${root}>
      <head>
        ${head(input, palette.page, css)}
      </head>
      <body class="is-${character.name}">
        ${sharedPaint(palette, outlines)}
        <a class="skip" href="#main">${say(words.skip)}</a>
        ${body} ${footer(input)}
      </body>
    </html> `;
}

function head(input: PageInput, themeColour: string, css: string): Html {
  const { shop, products, page } = input;
  const title = shop.brand.tagline ? `${shop.name} – ${shop.brand.tagline}` : shop.name;
  const description = clip([[shop.name, ...categories(input)].join(": "), shop.brand.tagline ?? ""].join(". "), 160);
  const canonical = webUrl(page.canonicalUrl);
  const image = products.map(pictureOf).find((source) => source !== undefined);
  const { kind, disclosure } = madeBy(input);
  const script = webUrl(page.scriptUrl, "https://same.origin") === undefined ? undefined : page.scriptUrl;
  return html`
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    <meta name="description" content="${description}" />
    <meta name="generator" content="WandStore" />
    <meta name="generator-kind" content="${kind}" />
    ${disclosure && html`<meta name="ai-disclosure" content="${disclosure}" />`}
    <meta name="theme-color" content="${themeColour}" />
    <meta property="og:type" content="website" />
    <meta property="og:site_name" content="${shop.name}" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${description}" />
    ${canonical && html`<link rel="canonical" href="${canonical}" /><meta property="og:url" content="${canonical}" />`}
    ${image && html`<meta property="og:image" content="${image}" />`} ${trusted(`<style>${css}</style>`)}
    ${structuredData(input, products)} ${script && html`<script src="${script}" type="module"></script>`}
  `;
}

/** The kinds of products a shop has, as words, if it tells any; for its description. */
function categories({ products }: PageInput): string[] {
  const names = [...new Set(products.map((product) => product.category.trim()))].filter((name) => name !== "");
  return names.length === 0 ? [] : [names.slice(0, 6).join(", ")];
}

/** The foot of every page, with the visible mark of how it was made. */
function footer(input: PageInput): Html {
  const { shop } = input;
  const { kind, notice } = madeBy(input);
  const { words, say } = speechIn(shop.locale);
  const home = webUrl(shop.shop_url);
  return html`<footer class="foot">
    <p>${shop.name}${home && html` · <a href="${home}">${say(words.visit)}</a>`}</p>
    <p class="made" data-generator-kind="${kind}">${say(notice)}</p>
    ${privacyLine(input)}
  </footer>`;
}
