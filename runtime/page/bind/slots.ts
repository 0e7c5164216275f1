/**
 * Places in a page that a model wrote which are ours to fill with the facts of the day. The sanitiser of the generator writes
 * them, and nobody else can: it leaves no comment of the model's, and no `<` in a text or an attribute. So they are found by
 * plain search, without a parser, as exactly what was written.
 */
const PAGE = ["<!--wand:page-->", "<!--/wand:page-->"] as const;
const STYLE = ["<style>", "</style>"] as const;

/** One comment for each end of a slot, without the marks of a comment; for whoever writes a tree rather than a text. */
export const SLOT = {
  product: (id: string): string => `wand:product=${encodeURIComponent(id)}`,
  productEnd: "/wand:product",
  /** Stands in the element of a product; what is between the two is written anew each time. */
  facts: "wand:facts",
  factsEnd: "/wand:facts",
} as const;
/** Attribute of a link with words of its own that leads to a product; its `href` is ours to write. */
export const LINK_ATTRIBUTE = "data-product-link";

/** What of a page is the model's: the content of its main element, and its style sheet with ours. */
export interface Parts {
  body: string;
  css: string;
}

export const page = (body: string): string => PAGE[0] + body + PAGE[1];
export const style = (css: string): string => STYLE[0] + css + STYLE[1];

/** The parts of a page that was put together here; undefined for any other text. */
export function takeApart(html: string): Parts | undefined {
  const body = between(html, PAGE);
  const css = between(html, STYLE);
  return body === undefined || css === undefined ? undefined : { body, css };
}

/** What is between two marks that are there once; undefined when they are not. */
function between(text: string, [open, close]: readonly [string, string]): string | undefined {
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  const once = start !== -1 && end > start && text.lastIndexOf(open) === start && text.lastIndexOf(close) === end;
  return once ? text.slice(start + open.length, end) : undefined;
}

const PRODUCT =
  /<!--wand:product=([^<>]*?)-->([^]*?)<!--wand:facts-->[^]*?<!--\/wand:facts-->([^]*?)<!--\/wand:product-->/g;
const LINK = / data-product-link="([^"<>]*)"(?: href="[^"<>]*")?/g;

/**
 * The body with its slots filled: `facts` gives the inside of a product's element, undefined removes the element with all
 * that is in it; `link` gives an address in the form of an attribute's value, undefined leaves words that lead nowhere.
 */
export function fillSlots(
  body: string,
  fill: { facts: (id: string) => string | undefined; link: (id: string) => string | undefined },
): string {
  return body
    .replaceAll(PRODUCT, (_slot, name: string, open: string, close: string) => {
      const facts = fill.facts(decode(name));
      if (facts === undefined) return "";
      const inside = `<!--${SLOT.facts}-->${facts}<!--${SLOT.factsEnd}-->`;
      return `<!--wand:product=${name}-->${open}${inside}${close}<!--${SLOT.productEnd}-->`;
    })
    .replaceAll(LINK, (_attribute, name: string) => {
      const address = fill.link(decode(name));
      return ` ${LINK_ATTRIBUTE}="${name}"${address === undefined ? "" : ` href="${address}"`}`;
    });
}

/** A name as it was before `SLOT` wrote it. A text that cannot have come from there names no product. */
function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}
