import { createHash } from "node:crypto";
import { type DefaultTreeAdapterMap, defaultTreeAdapter as tree, parse, serialize } from "parse5";
import { faultsOfStyle } from "./auditCss";

type Parent = DefaultTreeAdapterMap["parentNode"];
type Element = DefaultTreeAdapterMap["element"];

/** What a page may have; all else that runs, loads or leads somewhere is a breach. */
export interface Expected {
  /** Address of the one script. */
  script?: string | undefined;
  /** `sha256-…` of the one style element. */
  cspHash: string;
  /** Absolute addresses of links; parts of the page need not be named. */
  links: Iterable<string>;
  pictures: Iterable<string>;
  /** Where forms lead. */
  forms?: Iterable<string>;
  canonical?: string | undefined;
}

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** What a shop's page is made of. Everything else is a breach, so that nobody has to think of it. */
const ELEMENTS = words(
  "html head title meta link script style body a abbr article aside b blockquote br button cite code dd details div dl dt em figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr i img input label li main mark nav ol option p q s section select small span strong sub summary sup time u ul",
);
const DRAWN = words("svg defs g path circle ellipse rect line polyline polygon stop use linearGradient radialGradient");
/** Attributes that browsers take for an address, here or in some other element or time. */
const ADDRESSES = words(
  "href src srcset imagesrcset action formaction poster background cite ping data manifest longdesc usemap codebase classid code archive profile icon lowsrc dynsrc xlink:href from to by values",
);

/** Judges a page by a parse of its own; shares no code with what made it. Names each breach by element and attribute. */
export function breachesOf(page: string, expected: Expected): string[] {
  const breaches = new Set<string>();
  const allowed = {
    links: new Set(expected.links),
    pictures: new Set(expected.pictures),
    forms: new Set(expected.forms),
  };
  const styles: string[] = [];

  const visit = (parent: Parent): void => {
    if ("content" in parent) breaches.add("a template");
    for (const child of parent.childNodes) {
      if (tree.isCommentNode(child) && !/^\/?wand:[\w=%.~!*'()-]*$/.test(child.data)) breaches.add("a comment");
      if (!tree.isElementNode(child)) continue;
      judgeElement(child);
      visit(child);
    }
  };

  const judgeElement = (element: Element): void => {
    const { tagName, namespaceURI, attrs } = element;
    const known = namespaceURI === HTML ? ELEMENTS : namespaceURI === SVG ? DRAWN : undefined;
    if (known?.has(tagName) !== true) breaches.add(`<${tagName}>`);
    if (tagName === "style") styles.push(textOf(element));
    if (tagName === "script") judgeScript(element);
    if (tagName === "link" && (attr(element, "rel") !== "canonical" || attr(element, "href") !== expected.canonical))
      breaches.add("a linked file");
    if (tagName === "form" && attr(element, "action") === undefined) breaches.add("a form that leads anywhere");
    if (tagName === "input" && attr(element, "type") !== "hidden") breaches.add("a field");
    for (const { name, value, prefix } of attrs) {
      const full = prefix ? `${prefix}:${name}` : name;
      const fault = faultOfAttribute(element, full.toLowerCase(), value);
      if (fault !== undefined) breaches.add(`${tagName} ${full}: ${fault}`);
    }
  };

  const judgeScript = (element: Element): void => {
    const source = attr(element, "src");
    if (element.namespaceURI !== HTML) breaches.add("a script in a drawing");
    if (source === undefined && attr(element, "type") === "application/ld+json") {
      if (!isJson(textOf(element))) breaches.add("structured data that are no JSON");
    } else if (source === undefined || source !== expected.script || textOf(element) !== "") breaches.add("a script");
  };

  const faultOfAttribute = (element: Element, name: string, value: string): string | undefined => {
    if (name.startsWith("on")) return "a handler";
    if (/^(style|srcdoc|http-equiv|autofocus|is|slot|nonce|attributename|target|download)$/.test(name))
      return "not allowed";
    if (/url\s*\(/i.test(value) && element.namespaceURI === SVG && !/^url\(#[\w-]+\)$/.test(value)) return "an address";
    return ADDRESSES.has(name) ? faultOfAddress(element, name, value) : undefined;
  };

  const faultOfAddress = ({ tagName, namespaceURI }: Element, name: string, value: string): string | undefined => {
    // Browsers leave out white space and control characters before they look for a scheme.
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(value.replace(/[\p{Cc}\s]/gu, ""))?.[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== "https" && scheme !== "http") return `${scheme}:`;
    if (namespaceURI === SVG) return name === "href" && /^#[\w-]+$/.test(value) ? undefined : "leads elsewhere";
    if (name === "href" && tagName === "a") {
      return /^#\S*$/.test(value) || allowed.links.has(value) ? undefined : `a link elsewhere (${value.slice(0, 80)})`;
    }
    if (name === "src" && tagName === "img")
      return allowed.pictures.has(value) ? undefined : "a picture from elsewhere";
    if (name === "action" && tagName === "form") return allowed.forms.has(value) ? undefined : "a form to elsewhere";
    const isJudgedElsewhere = (tagName === "script" && name === "src") || (tagName === "link" && name === "href");
    return isJudgedElsewhere ? undefined : "an address where none belongs";
  };

  visit(parse(page, { onParseError: ({ code }) => void breaches.add(`does not parse: ${code}`) }));
  if (styles.length !== 1) breaches.add(`${styles.length} style elements`);
  for (const css of styles) {
    if (hashOf(css) !== expected.cspHash) breaches.add("a style sheet of another hash");
    for (const fault of faultsOfStyle(css)) breaches.add(fault);
  }
  return [...breaches];
}

/** Whether a page is another one when it is written and read again, or where scripts are off: then something in it hides. */
export function changesWhenRead(page: string): boolean {
  const once = serialize(parse(page));
  return serialize(parse(once)) !== once || serialize(parse(page, { scriptingEnabled: false })) !== once;
}

const attr = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name && one.prefix === undefined)?.value;

const hashOf = (css: string): string => `sha256-${createHash("sha256").update(css).digest("base64")}`;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return !/<[/!]?/.test(text);
  } catch {
    return false;
  }
}

function textOf(node: Parent): string {
  return node.childNodes
    .map((child) => (tree.isTextNode(child) ? child.value : tree.isElementNode(child) ? textOf(child) : ""))
    .join("");
}
