import { type DefaultTreeAdapterMap, defaultTreeAdapter as tree, html as names, parse } from "parse5";

export type Element = DefaultTreeAdapterMap["element"];

/** Elements of a page in document order, as a browser would parse it; a parse error fails. */
export function elementsOf(page: string): Element[] {
  const errors: string[] = [];
  const document = parse(page, { onParseError: (error) => errors.push(error.code) });
  expect(errors).toEqual([]);
  return below(document);
}

export function below(node: DefaultTreeAdapterMap["parentNode"]): Element[] {
  return node.childNodes.flatMap((child) => (tree.isElementNode(child) ? [child, ...below(child)] : []));
}

export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((attr) => attr.name === name)?.value;

export const named = (elements: readonly Element[], ...tags: string[]): Element[] =>
  elements.filter((element) => tags.includes(element.tagName));

export function textOf(node: DefaultTreeAdapterMap["parentNode"]): string {
  return node.childNodes
    .map((child) => (tree.isTextNode(child) ? child.value : tree.isElementNode(child) ? textOf(child) : ""))
    .join("");
}

/** Tags and attribute names; what is inside drawings is left out, for drawings follow the words of a product. */
export function shapeOf(elements: readonly Element[]): string[] {
  const drawn = new Set(named(elements, "svg").flatMap((svg) => below(svg)));
  return elements
    .filter((element) => !drawn.has(element))
    .map((element) => `${element.tagName}[${element.attrs.map((attr) => attr.name).join(" ")}]`);
}

/** What on a page may run, or lead anywhere but to the web or within the page; none of it may be there. */
export function dangersOf(elements: readonly Element[]): string[] {
  const styles = named(elements, "style").length;
  return [
    ...(styles === 1 ? [] : [`${styles} style elements`]),
    ...elements.flatMap((element) => [
      ...(ALLOWED.has(element.tagName) || element.namespaceURI === names.NS.SVG ? [] : [`<${element.tagName}>`]),
      ...element.attrs.filter(isDangerous).map(({ name, value }) => `${element.tagName} ${name}=${value}`),
      ...(element.tagName === "script" && !SCRIPTS.test(attribute(element, "type") ?? "") ? ["a script"] : []),
    ]),
  ];
}

const SCRIPTS = /^(application\/ld\+json|module)$/;
const isDangerous = ({ name, value }: { name: string; value: string }): boolean =>
  /^on|^style$|^srcdoc$|^formaction$/.test(name) ||
  ((name === "href" || name === "src") && !/^(https?:\/\/|#|\/assets\/)/.test(value)) ||
  (name === "action" && !/^(https?:\/\/|\/api\/)/.test(value));

const ALLOWED = new Set(
  "html head meta title link style script body a header main footer nav section div p span h1 h2 h3 ul li dl dt dd s strong img details summary form input button label select option".split(
    " ",
  ),
);
