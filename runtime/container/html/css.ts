import type { Atrule, CssNode, Declaration, List, Raw, Rule, Selector, StyleSheet } from "css-tree";
import generate from "css-tree/generator";
import parse from "css-tree/parser";
import walk from "css-tree/walker";
import { MADE_ID } from "../../page";
import { AT_RULES, FUNCTIONS, isAllowedProperty, PSEUDO_CLASSES, PSEUDO_ELEMENTS } from "./cssAllowed";

/** Elements of a document that a model styles as its own; here they are the one element that holds its page. */
const WHOLE_PAGE = new Set(["html", "body", "main"]);
const FORBIDDEN_POSITIONS = /^(fixed|sticky|-webkit-sticky)$/i;
/** Nothing that can be read as a word, a number or an amount: a model's style sheet has no text to say. */
const ORNAMENT = /^[^\p{L}\p{N}\p{Sc}%<\\]{0,4}$/u;
/** Properties whose strings a reader sees. */
const SAYING = /^(content|quotes|text-overflow|text-emphasis(-style)?)$/;
/** A colour that nobody sees, as the generator of css-tree writes it. */
const UNSEEN =
  /^(?:transparent|#[0-9a-f]{3}0|#[0-9a-f]{6}00|(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\((?:[^,]*\/|(?:[^,]*,){3})\s*0?\.?0*%?\s*\))$/i;
/** Declarations after which nothing of an element is to be seen. */
const HIDING = /^(?:display:\s*none|visibility:|opacity:)/i;
const PLAIN_STRING = /^[A-Za-z0-9 ._-]{1,200}$/;

const PARSING = {
  parseCustomProperty: true,
  parseAtrulePrelude: true,
  parseRulePrelude: true,
  parseValue: true,
} as const;

/**
 * A model's style sheet reduced to what may stand on a page: no address, no font, no text, no position that follows the
 * window, no `!important`, and every selector inside the element that holds the model's page. What does not parse is left out.
 */
export function filterStyleSheet(text: string): string {
  const sheet = parse(text, { ...PARSING, context: "stylesheet" }) as StyleSheet;
  filterRules(sheet.children);
  return generate(sheet);
}

/** The declarations of a `style` attribute, filtered alike. */
export function filterDeclarations(text: string): string {
  const list = parse(text, { ...PARSING, context: "declarationList" });
  if (list.type !== "DeclarationList") return "";
  list.children.forEach((node, item, all) => {
    if (!isAllowedDeclaration(node)) all.remove(item);
  });
  return generate(list);
}

function filterRules(rules: List<CssNode>): void {
  rules.forEach((node, item, list) => {
    const keep = (node.type === "Rule" && keepRule(node)) || (node.type === "Atrule" && keepAtrule(node));
    if (!keep) list.remove(item);
  });
}

function keepAtrule(rule: Atrule): boolean {
  const name = rule.name.toLowerCase().replace(/^-webkit-/, "");
  if (!AT_RULES.has(name) || rule.prelude === null || rule.prelude.type === "Raw" || rule.block === null) return false;
  if (!isPlain(rule.prelude)) return false;
  if (name === "keyframes") rule.block.children.forEach(keepKeyframe);
  else filterRules(rule.block.children);
  return !rule.block.children.isEmpty;
}

function keepKeyframe(node: CssNode, item: Parameters<List<CssNode>["remove"]>[0], list: List<CssNode>): void {
  if (node.type === "Rule" && node.prelude.type === "SelectorList" && keepBlock(node)) return;
  list.remove(item);
}

function keepRule(rule: Rule): boolean {
  if (rule.prelude.type === "Raw") return false;
  rule.prelude.children.forEach((selector, item, list) => {
    if (selector.type !== "Selector" || !scope(selector)) list.remove(item);
  });
  const isOfPage = rule.prelude.children.some((one) => one.type === "Selector" && one.children.size === 1);
  return !rule.prelude.children.isEmpty && keepBlock(rule, isOfPage);
}

/**
 * Declarations only: a rule inside a rule is left out with what it holds. `isOfPage` says that the rule is for the element that
 * holds the model's page, which is there to be seen.
 */
function keepBlock({ block }: Rule, isOfPage = false): boolean {
  block.children.forEach((node, item, list) => {
    if (!isAllowedDeclaration(node) || (isOfPage && HIDING.test(generate(node)))) list.remove(item);
  });
  return !block.children.isEmpty;
}

/** Puts a selector inside the model's page: `body .a` and `.a` both become `#wand-made .a`. False for one that cannot be. */
function scope(selector: Selector): boolean {
  if (!isPlain(selector)) return false;
  const first = selector.children.first;
  if (first === null || first.type === "Combinator") return false;
  let allowed = true;
  walk(selector, (node) => {
    if (node.type === "PseudoClassSelector") allowed &&= PSEUDO_CLASSES.has(node.name.toLowerCase());
    else if (node.type === "PseudoElementSelector") allowed &&= PSEUDO_ELEMENTS.has(node.name.toLowerCase());
    else if (node.type === "NestingSelector") allowed = false;
    else if (node.type === "IdSelector") node.name = ID_PREFIX + node.name;
  });
  if (!allowed) return false;
  const holder = { type: "IdSelector", name: MADE_ID } as const;
  let atStart = true;
  let isWhole = false;
  // `html body .a`: each leading compound that stands for the whole page goes, with the combinator behind it.
  selector.children.forEach((node, item, list) => {
    if (!atStart) return;
    if (standsForPage(node)) {
      isWhole = true;
      list.remove(item);
    } else if (isWhole && node.type === "Combinator" && item.next !== null && standsForPage(item.next.data)) {
      list.remove(item);
    } else atStart = false;
  });
  if (!isWhole) selector.children.prependData({ type: "Combinator", name: " " });
  selector.children.prependData(holder);
  // A brother of the element that holds the page is not in it; it has none, and none is to be found.
  const second = selector.children.toArray()[1];
  return second?.type !== "Combinator" || second.name === " " || second.name === ">";
}

const standsForPage = (node: CssNode): boolean =>
  (node.type === "TypeSelector" && WHOLE_PAGE.has(node.name.toLowerCase())) ||
  (node.type === "PseudoClassSelector" && node.name.toLowerCase() === "root");

/** Put before every id of a model, in the document and here: ids of ours cannot be met. */
export const ID_PREFIX = "m-";

function isAllowedDeclaration(node: CssNode): boolean {
  if (node.type !== "Declaration") return false;
  const name = node.property.toLowerCase().replace(/^-(webkit|moz)-/, "");
  const isVariable = name.startsWith("--");
  if (node.value.type !== "Value" || !isPlain(node.value)) return false;
  if (!isVariable && !isAllowedProperty(name)) return false;
  if (name === "position" && FORBIDDEN_POSITIONS.test(generate(node.value))) return false;
  if (name === "color" && UNSEEN.test(generate(node.value))) return false; // a price goes by it
  // What a variable holds is not known where it is used; these could become a position or a text.
  if ((name === "position" || SAYING.test(name)) && hasFunction(node.value)) return false;
  node.important = false;
  return stringsOf(node).every((text) => (SAYING.test(name) ? ORNAMENT : PLAIN_STRING).test(text));
}

const hasFunction = (value: CssNode): boolean => {
  let found = false;
  walk(value, (node) => void (found ||= node.type === "Function"));
  return found;
};

const stringsOf = (declaration: Declaration): string[] => {
  const strings: string[] = [];
  walk(declaration.value, (node) => void (node.type === "String" && strings.push(node.value)));
  return strings;
};

/** Nothing that was not understood, no address, no function but those of the list, and no escape that could hide one. */
function isPlain(root: CssNode): boolean {
  let plain = true;
  walk(root, (node) => {
    if (node.type === "Url" || node.type === "Raw") plain &&= isBlank(node);
    else if (node.type === "Function") plain &&= FUNCTIONS.has(node.name.toLowerCase());
    else if (node.type === "String") plain &&= !/[<\\]/.test(node.value);
  });
  if (!plain) return false;
  const text = generate(root);
  return !/[\\@{}]|<[/!]|\/\*/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'));
}

const isBlank = (node: CssNode): boolean => node.type === "Raw" && (node as Raw).value.trim() === "";
