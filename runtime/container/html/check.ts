import { type DefaultTreeAdapterMap, defaultTreeAdapter as tree, html as names, parse } from "parse5";

type Node = DefaultTreeAdapterMap["parentNode"];
type Element = DefaultTreeAdapterMap["element"];

/** What a page that a model wrote may hold. Addresses as the page has them. */
export interface Allowed {
  /** Of every link. */
  links: ReadonlySet<string>;
  pictures: ReadonlySet<string>;
  /** Of the one script, if the page has one. */
  script: string | undefined;
  canonical: string | undefined;
  /** The part of the style sheet that is ours. */
  ownCss: string;
  /** Id of the element that holds the model's part. */
  madeId: string;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
const HEAD = words("html head body meta title link style script");
const MODELS = words(
  "a abbr article aside b blockquote br cite code dd details div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img li mark nav ol p q s section small span strong sub summary sup time u ul",
);
const OURS = words("a div details footer header h1 h2 h3 img li main p s section span strong summary svg ul");
const DRAWING = words("svg defs g path circle ellipse rect line stop use linearGradient radialGradient");
const ATTRIBUTES =
  /^(class|id|lang|dir|title|href|src|alt|width|height|loading|fetchpriority|decoding|role|tabindex|open|aria-(label|hidden|labelledby|live)|data-(product-id|product-link|store|persona|generator-kind|wand-preparing))$/;
const HEAD_ATTRIBUTES =
  /^(charset|name|content|property|rel|href|type|src|lang|dir|class|data-(store|persona|wand-preparing))$/;
const DRAWING_ATTRIBUTE = /^(?!on)(?!style$)[a-zA-Z][a-zA-Z0-9-]*$/;
/** `url(#…)` names a gradient of the page; nothing else is an address. */
const DRAWING_VALUE = /^(?:(?!url\s*\()(?!javascript:)[^<>])*$|^url\(#[\w-]+\)$/i;

/**
 * Judges a finished page by parsing it anew; shares no code with what made it safe. Returns what must not be there, in words
 * that quote nothing of the page; empty for a page that may be served.
 */
export function faultsOf(page: string, allowed: Allowed): string[] {
  const faults = new Set<string>();
  const document = parse(page, { onParseError: ({ code }) => void faults.add(`does not parse: ${code}`) });
  const styles: string[] = [];
  let marks = 0;
  const visit = (node: Node, made: boolean, bound: boolean): void => {
    if ("content" in node) faults.add("a template");
    for (const child of node.childNodes) {
      if (tree.isCommentNode(child) && !/^\/?wand:(page|product(=[^<>]*)?|facts)$/.test(child.data))
        faults.add("a comment");
      if (tree.isTextNode(child) && made && !bound) for (const fault of faultsOfText(child.value)) faults.add(fault);
      if (!tree.isElementNode(child)) continue;
      const id = attribute(child, "id");
      if (child.tagName === "style") styles.push(textOf(child));
      if (attribute(child, "data-generator-kind") === "ai" && !made && textOf(child).trim() !== "") marks++;
      for (const fault of faultsOfElement(child, made, allowed)) faults.add(fault);
      visit(child, made || id === allowed.madeId, bound || (made && attribute(child, "data-product-id") !== undefined));
    }
  };
  visit(document, false, false);
  if (styles.length !== 1) faults.add("not one style element");
  for (const css of styles) for (const fault of faultsOfCss(css, allowed)) faults.add(fault);
  if (marks !== 1) faults.add("no mark of how it was made");
  return [...faults];
}

function* faultsOfElement(element: Element, made: boolean, allowed: Allowed): Generator<string> {
  const { tagName, namespaceURI, attrs } = element;
  if (namespaceURI === names.NS.SVG) {
    if (!DRAWING.has(tagName)) yield "a foreign element in a drawing";
    for (const { name, value } of attrs) {
      if (name === "href" || name === "xlink:href") {
        if (!/^#[\w-]+$/.test(value)) yield "a drawing that refers elsewhere";
      } else if (!DRAWING_ATTRIBUTE.test(name) || !DRAWING_VALUE.test(value)) yield "an attribute of a drawing";
    }
    return;
  }
  if (namespaceURI !== names.NS.HTML) yield "a foreign element";
  const inHead = HEAD.has(tagName);
  if (made ? !MODELS.has(tagName) : !inHead && !OURS.has(tagName)) yield "an element that is not allowed";
  for (const { name, value } of attrs) {
    if (!(inHead ? HEAD_ATTRIBUTES : ATTRIBUTES).test(name)) yield "an attribute that is not allowed";
    if (made && (name === "title" || name === "aria-label")) yield* faultsOfText(value);
    const isAddress = name === "href" || name === "src";
    if (isAddress && /^(javascript|data|vbscript|blob|file):/i.test(value.replaceAll(/[^\x21-\x7e]/g, ""))) {
      yield "an address that runs";
    }
  }
  const href = attribute(element, "href");
  const src = attribute(element, "src");
  if (tagName === "a" && href !== undefined && !/^#[^\s]*$/.test(href) && !allowed.links.has(href))
    yield "a link elsewhere";
  if (tagName === "img" && !allowed.pictures.has(src ?? "")) yield "a picture from elsewhere";
  if (tagName === "link" && (attribute(element, "rel") !== "canonical" || href !== allowed.canonical))
    yield "a linked file";
  if (tagName === "meta" && attribute(element, "http-equiv") !== undefined) yield "a header in the page";
  if (tagName === "script") yield* faultsOfScript(element, src, allowed);
}

/** The plainest of what no free text may say. */
function* faultsOfText(text: string): Generator<string> {
  if (/\p{Sc}/u.test(text)) yield "money in free text";
  if (/:\/\/|www\.|\w@\w/i.test(text)) yield "an address in free text";
  if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) yield "a text that turns round";
}

function* faultsOfScript(element: Element, src: string | undefined, allowed: Allowed): Generator<string> {
  const isData = attribute(element, "type") === "application/ld+json" && src === undefined;
  if (isData) {
    try {
      JSON.parse(textOf(element));
    } catch {
      yield "structured data that is no JSON";
    }
  } else if (src === undefined || src !== allowed.script || textOf(element).trim() !== "") yield "a script";
}

/** A style sheet without comments and escapes cannot hide what these expressions look for. */
function* faultsOfCss(css: string, { ownCss, madeId }: Allowed): Generator<string> {
  if (!css.startsWith(ownCss)) yield "a style sheet that is not ours first";
  const theirs = css.slice(ownCss.length);
  if (/[\\<]\/?|\/\*|<!--|-->/.test(theirs.replaceAll(/<(?=[=\s\d])/g, ""))) yield "an escape in the style sheet";
  if (/(url|image|image-set|src|cross-fade|element|expression|attr|env|paint)\s*\(/i.test(theirs))
    yield "an address in the style sheet";
  if (/@(?!media\b|supports\b|container\b|keyframes\b|-webkit-keyframes\b)/i.test(theirs))
    yield "a rule that is not allowed";
  if (/\b(behavior|binding)\s*:|javascript:/i.test(theirs)) yield "a style that runs";
  if (/position\s*:\s*(fixed|sticky|-webkit-sticky|var)/i.test(theirs)) yield "a position out of the page";
  if (/!\s*important/i.test(theirs)) yield "a style above ours";
  for (const selector of selectorsOf(theirs)) if (!selector.startsWith(`#${madeId}`)) yield "a style beyond the page";
}

/** Selectors of a style sheet, those in keyframes left out. */
function selectorsOf(css: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  let prelude = "";
  for (const part of css.replaceAll(/"[^"]*"/g, '""').split(/(?<=[{};])/)) {
    const end = part.at(-1) ?? "";
    prelude = part.slice(0, -1).trim();
    if (end === "{") {
      const inKeyframes = open.some((name) => /^@(-webkit-)?keyframes/.test(name));
      if (!prelude.startsWith("@") && !inKeyframes) found.push(...topLevel(prelude));
      open.push(prelude);
    } else if (end === "}") open.pop();
  }
  return found;
}

/** The parts of a selector list; commas in brackets part nothing. */
function topLevel(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of list) {
    if ("([".includes(character)) depth++;
    else if (")]".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

function textOf(node: Node): string {
  return node.childNodes
    .map((child) => (tree.isTextNode(child) ? child.value : tree.isElementNode(child) ? textOf(child) : ""))
    .join("");
}
