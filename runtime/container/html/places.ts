import { SLOT } from "../../page";
import { plainText } from "../../page/html";
import { ID_PREFIX } from "./css";
import { classesOf, elementsIn, isElement, propertyOf, type ElementContent, type Parents } from "./tree";

/** What a model's page may refer to. */
export interface Catalogue {
  ids: ReadonlySet<string>;
  /** Products by the address of their page in the shop. */
  byAddress: ReadonlyMap<string, string>;
}

/** Elements of one line of text, which hold no other kind. */
const PHRASING = new Set(
  "p h1 h2 h3 h4 h5 h6 abbr b cite code em i mark q s small span strong sub summary sup time u".split(" "),
);
/** All others make a block of their own. */
const INLINE = new Set([...PHRASING].filter((name) => !/^(p|h\d|summary)$/.test(name)).concat("a", "br"));
/** `LINK_ATTRIBUTE` as the tree has it. */
const LINK_PROPERTY = "dataProductLink";

/** Turns the elements of products into places for facts; those of unknown products go, with all that is in them. */
export function makePlaces(parent: Parents, { ids }: Catalogue): void {
  parent.children = (parent.children as ElementContent[]).flatMap((child): ElementContent[] => {
    if (!isElement(child)) return [child];
    const id = propertyOf(child, "dataProductId");
    if (id === undefined) {
      makePlaces(child, { ids, byAddress: new Map() });
      return [child];
    }
    if (!ids.has(id) || /[<>"&]/.test(id) || /\p{Surrogate}/u.test(id)) return [];
    child.tagName = isElement(parent) && /^[uo]l$/.test(parent.tagName) ? "li" : "article";
    const classes = classesOf(child);
    child.properties = { ...(classes.length > 0 && { className: classes }), dataProductId: id };
    child.children = [comment(SLOT.facts), comment(SLOT.factsEnd)];
    return [comment(SLOT.product(id)), child, comment(SLOT.productEnd)];
  });
}

const comment = (value: string): ElementContent => ({ type: "comment", value });

/** Links lead to a place in the page or to a product's page in the shop; the words of every other link stay, as words. */
export function bindLinks(parent: Parents, catalogue: Catalogue): void {
  const anchors = new Set(elementsIn(parent).map((element) => propertyOf(element, "id")));
  for (const link of elementsIn(parent).filter(({ tagName }) => tagName === "a")) {
    const { href, [LINK_PROPERTY]: named, ...properties } = link.properties;
    const address = typeof href === "string" ? href.trim() : "";
    const product = typeof named === "string" ? named : catalogue.byAddress.get(normal(address));
    link.properties = properties;
    if (product !== undefined && catalogue.ids.has(product)) {
      link.properties[LINK_PROPERTY] = encodeURIComponent(product);
    } else if (address.startsWith("#")) {
      const anchor = ID_PREFIX + address.slice(1);
      link.properties["href"] = anchors.has(anchor) ? `#${anchor}` : "#main";
    } else link.tagName = "span";
  }
}

/** Addresses that mean the same are written the same. */
export function normal(address: string): string {
  try {
    return new URL(address).href;
  } catch {
    return "";
  }
}

/**
 * Names that a parser would read back as they are: no link within a link, no block within a line of text. Products' places
 * count as blocks with links in them.
 */
export function settleNames(element: Parents): void {
  element.children = (element.children as ElementContent[]).flatMap((child): ElementContent[] => {
    if (!isElement(child)) return [child];
    if (child.tagName === "main") child.tagName = "div";
    settleNames(child);
    const below = elementsIn(child);
    if (
      child.tagName === "a" &&
      below.some(({ tagName, properties }) => tagName === "a" || "dataProductId" in properties)
    ) {
      return child.children;
    }
    if (PHRASING.has(child.tagName) && below.some(({ tagName }) => !INLINE.has(tagName))) child.tagName = "div";
    return [child];
  });
}

/**
 * Texts without what turns the order of letters and other characters that no page holds, and attributes also without the
 * characters that our marks in the page are told by.
 */
export function tameTexts(parent: Parents): void {
  for (const child of parent.children) if (child.type === "text") child.value = plainText(child.value);
  for (const element of elementsIn(parent)) {
    for (const child of element.children) if (child.type === "text") child.value = plainText(child.value);
    for (const [name, value] of Object.entries(element.properties)) {
      if (typeof value === "string") element.properties[name] = tame(value);
      else if (Array.isArray(value)) element.properties[name] = value.map((one) => tame(String(one)));
    }
  }
}

const tame = (value: string): string => plainText(value).replaceAll(/[<>]/g, "");
