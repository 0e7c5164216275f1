import type { Element, ElementContent, Parents, Root } from "hast";

export type { Element, ElementContent, Parents, Root };

export const isElement = (node: { type: string }): node is Element => node.type === "element";

/** Elements below a node, in document order. */
export function elementsIn(node: Parents): Element[] {
  const found: Element[] = [];
  const visit = (parent: Parents): void => {
    for (const child of parent.children) {
      if (!isElement(child)) continue;
      found.push(child);
      visit(child);
    }
  };
  visit(node);
  return found;
}

export function textOf(node: Parents): string {
  return node.children
    .map((child) => (child.type === "text" ? child.value : isElement(child) ? textOf(child) : ""))
    .join("");
}

/** The first element of a name, anywhere below. */
export const firstNamed = (node: Parents, tagName: string): Element | undefined =>
  elementsIn(node).find((element) => element.tagName === tagName);

export const classesOf = ({ properties }: Element): string[] =>
  Array.isArray(properties["className"]) ? properties["className"].map(String) : [];

/** The value of a `data-…` property as a text; undefined where there is none. */
export function propertyOf(element: Element, name: string): string | undefined {
  const value = element.properties[name];
  return typeof value === "string" ? value : undefined;
}
