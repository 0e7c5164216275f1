import { filterDeclarations, filterStyleSheet } from "./css";
import { MADE_ID } from "../../page";
import { classesOf, elementsIn, textOf, type Root } from "./tree";

/** Class names of ours begin so; a model's lose it. */
const OURS = /^wand-/;

/**
 * All styling of a model's document as one filtered style sheet. A `style` attribute becomes a class; the tree's elements are
 * changed accordingly.
 */
export function takeStyles(tree: Root): string {
  const sheets: string[] = [];
  const inline = new Map<string, string>();
  for (const element of elementsIn(tree)) {
    const { style, ...properties } = element.properties;
    if (element.tagName === "style") sheets.push(textOf(element));
    const classes = classesOf(element).filter((name) => !OURS.test(name));
    const rule = typeof style === "string" ? filterDeclarations(style) : "";
    if (rule !== "") {
      if (!inline.has(rule)) inline.set(rule, `wand-i${inline.size}`);
      classes.push(inline.get(rule) ?? "");
    }
    element.properties = classes.length > 0 ? { ...properties, className: classes } : without(properties, "className");
  }
  const rules = [...inline].map(([rule, name]) => `#${MADE_ID} .${name}{${rule}}`);
  return filterStyleSheet(sheets.join("\n")) + rules.join("");
}

function without<T extends object>(properties: T, name: string): T {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => key !== name)) as T;
}
