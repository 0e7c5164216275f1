import { namesMoney } from "./money";
import { classesOf, isElement, propertyOf, textOf, type Element, type ElementContent, type Parents } from "./tree";

/** Elements that stand in a line of text. */
const INLINE = new Set("a abbr b br cite code em i mark q s small span strong sub sup time u".split(" "));

/** Attributes that are read out. */
const SPOKEN = ["title", "ariaLabel"];

const isBound = (node: Element): boolean => propertyOf(node, "dataProductId") !== undefined;

const isInline = (node: ElementContent): boolean =>
  !isElement(node) || (INLINE.has(node.tagName) && !isBound(node) && node.children.every(isInline));

/**
 * Removes what a model wrote of money outside of the elements of products: today's catalogue may say otherwise, tomorrow's
 * surely will. A line of text goes as a whole, since half a sentence says something else; what is empty then goes with it.
 */
export function removeMoney(parent: Parents): void {
  const kept: ElementContent[] = [];
  let line: ElementContent[] = [];
  const endLine = (): void => {
    if (!namesMoney(line.map(wordsOf).join(""))) kept.push(...line);
    line = [];
  };
  for (const child of parent.children as ElementContent[]) {
    if (isInline(child)) {
      line.push(child);
      continue;
    }
    endLine();
    const element = child as Element;
    if (isBound(element)) {
      kept.push(element);
      continue;
    }
    const before = element.children.length;
    removeMoney(element);
    if (element.children.length > 0 || before === 0) kept.push(element);
  }
  endLine();
  parent.children = kept;
  for (const child of kept) if (isElement(child)) silence(child);
}

const wordsOf = (node: ElementContent): string =>
  node.type === "text" ? node.value : isElement(node) ? textOf(node) : "";

function silence(element: Element): void {
  for (const name of SPOKEN) {
    if (namesMoney(propertyOf(element, name) ?? "")) delete element.properties[name];
  }
  for (const child of element.children) if (isElement(child)) silence(child);
}

/** Whether nothing can be seen of an element: no text, no product, no class that could make a shape of it. */
export const isVoid = (element: Element): boolean =>
  element.children.length === 0 && classesOf(element).length === 0 && !["br", "hr"].includes(element.tagName);
