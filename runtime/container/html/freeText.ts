import { claimOf } from "../../lib/freeText";
import { classesOf, isElement, propertyOf, type Element, type ElementContent, type Parents } from "./tree";

/** Elements that stand in a line of text. */
const INLINE = new Set("a abbr b br cite code em i mark q s small span strong sub summary sup time u".split(" "));

/** Attributes that are read out. */
const SPOKEN = ["title", "ariaLabel"];

/** Lines this short, in characters together, may be drawn beside each other and read as one. */
const SHORT = 60;

const isBound = (node: Element): boolean => propertyOf(node, "dataProductId") !== undefined;

const isInline = (node: ElementContent): boolean =>
  !isElement(node) || (INLINE.has(node.tagName) && !isBound(node) && node.children.every(isInline));

/** Nodes that are read as one line. */
interface Line {
  nodes: ElementContent[];
  words: string;
}

/**
 * Removes what no model may say (`claimOf`) outside of the elements of products: today's catalogue may say otherwise, tomorrow's
 * surely will. A line of text goes as a whole, since half a sentence says something else; what is empty then goes with it.
 */
export function removeClaims(root: Parents): void {
  const lines = linesIn(root).filter(({ words }) => words.trim() !== "");
  const doomed = new Set(lines.filter(({ words }) => isClaim(words)));
  for (const count of [2, 3]) {
    for (let at = 0; at + count <= lines.length; at++) {
      const some = lines.slice(at, at + count);
      const together = some.map(({ words }) => words.trim()).join(" ");
      if (together.length <= SHORT && !some.some((line) => doomed.has(line)) && isClaim(together))
        some.forEach((line) => doomed.add(line));
    }
  }
  prune(root, new Set([...doomed].flatMap(({ nodes }) => nodes)));
}

const isClaim = (words: string): boolean => ![undefined, "nothing"].includes(claimOf(words));

function linesIn(parent: Parents): Line[] {
  const lines: Line[] = [];
  let nodes: ElementContent[] = [];
  const endLine = (): void => {
    if (nodes.length > 0) lines.push({ nodes, words: nodes.map(wordsOf).join("") });
    nodes = [];
  };
  for (const child of parent.children as ElementContent[]) {
    if (isInline(child)) {
      nodes.push(child);
      continue;
    }
    endLine();
    if (isElement(child) && !isBound(child)) lines.push(...linesIn(child));
  }
  endLine();
  return lines;
}

const wordsOf = (node: ElementContent): string =>
  node.type === "text"
    ? node.value
    : isElement(node)
      ? node.tagName === "br"
        ? " "
        : node.children.map(wordsOf).join("")
      : "";

/** Takes these nodes out, elements that are empty without them, and attributes that say what no model may say. */
function prune(parent: Parents, doomed: ReadonlySet<ElementContent>): void {
  parent.children = (parent.children as ElementContent[]).filter((child) => {
    if (doomed.has(child)) return false;
    if (!isElement(child)) return true;
    for (const name of SPOKEN) if (isClaim(propertyOf(child, name) ?? "")) delete child.properties[name];
    const before = child.children.length;
    prune(child, doomed);
    return child.children.length > 0 || before === 0;
  });
}

/** Whether nothing can be seen of an element: no text, no product, no class that could make a shape of it. */
export const isVoid = (element: Element): boolean =>
  element.children.length === 0 && classesOf(element).length === 0 && !["br", "hr"].includes(element.tagName);
