import rehypeParse from "rehype-parse";
import rehypeSanitize from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import { unified } from "unified";
import { ownCss, type Look, type Parts } from "../../page";
import { isVoid, removeClaims } from "./freeText";
import { bindLinks, makePlaces, settleNames, tameTexts, type Catalogue } from "./places";
import { SCHEMA } from "./schema";
import { takeStyles } from "./stylesOf";
import { firstNamed, isElement, type ElementContent, type Parents, type Root } from "./tree";

const reader = unified().use(rehypeParse).freeze();
const sanitiser = unified().use(rehypeSanitize, SCHEMA).freeze();
const writer = unified().use(rehypeStringify).freeze();

/**
 * The parts of a page from a model's document: its body reduced to what may stand on a page, with places for the facts of
 * products, and its style sheet behind ours. The head, and whatever the model says of itself there, is left out.
 */
export function sanitise(document: string, catalogue: Catalogue, look: Look): Parts {
  const tree = reader.parse(document);
  const css = takeStyles(tree);
  const body: Root = { type: "root", children: firstNamed(tree, "body")?.children ?? [] };
  const clean = sanitiser.runSync(body) as Root;
  tameTexts(clean);
  removeClaims(clean);
  makePlaces(clean, catalogue);
  bindLinks(clean, catalogue);
  removeVoid(clean);
  settleNames(clean);
  return { body: writer.stringify(clean).trim(), css: ownCss(look) + css };
}

function removeVoid(parent: Parents): void {
  for (const child of parent.children) if (isElement(child)) removeVoid(child);
  parent.children = (parent.children as ElementContent[]).filter((child) => !isElement(child) || !isVoid(child));
}
