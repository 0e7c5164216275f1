import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";

type Node = DefaultTreeAdapterTypes.ChildNode;

const DROPPED = new Set([
  "script",
  "style",
  "template",
  "noscript",
  "iframe",
  "object",
  "svg",
  "math",
  "textarea",
  "select",
]);
const BLOCKS = new Set(
  (
    "address article aside blockquote br caption dd details dialog div dl dt fieldset figcaption figure footer form " +
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul"
  ).split(" "),
);

/**
 * Reduces HTML, as a merchant's editor wrote it, to the text a reader would see: entities decoded, block elements on
 * lines of their own, white space collapsed, scripts and styles gone. The result is text, not markup: whoever puts it
 * into a page escapes it.
 */
export function plainText(html: string): string {
  const text = html.includes("<") || html.includes("&") ? textOf(html) : html.replace(/\s+/g, " ");
  return (
    text
      // eslint-disable-next-line no-control-regex -- they are what is taken out
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, "")
      .replace(/ *\n[ \n]*/g, "\n")
      .replace(/ {2,}/g, " ")
      .trim()
  );
}

/** Walks with a stack of its own: markup nested ten thousand deep must not end the program. */
function textOf(html: string): string {
  const out: string[] = [];
  const stack: (Node | "\n")[] = parseFragment(html).childNodes.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === "\n") {
      out.push(node);
    } else if (node.nodeName === "#text") {
      out.push((node as DefaultTreeAdapterTypes.TextNode).value.replace(/\s+/g, " "));
    } else if ("childNodes" in node && !DROPPED.has(node.nodeName)) {
      const breaks = BLOCKS.has(node.nodeName);
      if (breaks) out.push("\n");
      if (node.nodeName === "td" || node.nodeName === "th") out.push(" ");
      if (breaks) stack.push("\n");
      for (const child of node.childNodes.toReversed()) stack.push(child);
    }
  }
  return out.join("");
}
