import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { render, templateLayout } from "../../../runtime/page";
import type { LayoutSpec, Section } from "../../../runtime/contract/layout";
import { PERSONA_TYPES, type PersonaType } from "../../../runtime/contract/persona";
import { attribute, dangersOf, elementsOf, named, shapeOf, textOf } from "./dom";
import { BRANDS, persona, product, shop } from "./fixtures";

const PAYLOADS = join(__dirname, "../../../../shared/data/xss/payloads.txt");
const PICTURE = "https://cdn.example/a.jpg";
/** Most have a picture: what a drawing looks like follows the words, on purpose. */
const few = [1, 2, 3].map((n) => product({ id: `p${n}`, image_url: n === 1 ? null : PICTURE }));

/** A layout that says `text` wherever a layout has words, as a model might. */
function sayingSo({ sections, ...layout }: LayoutSpec, text: string): LayoutSpec {
  const say = (config: Section["config"]): object =>
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, WORDS.has(key) ? text : value]));
  return { ...layout, sections: sections.map((section) => ({ ...section, config: say(section.config) }) as Section) };
}
const WORDS = new Set(["title", "subtitle", "reason", "text", "cta_text"]);

/** A page on which everything that comes from a shop or a model says `text`; ids and prices stay, so the structure does. */
function pageSaying(text: string, type: PersonaType = "collector"): string {
  const brand = { ...BRANDS.natural, tagline: text, mark: text };
  const layout = templateLayout({
    persona: persona(type),
    products: few,
    brand: BRANDS.natural,
    shopName: "A",
  });
  const products = few.map((one, index) => ({
    ...one,
    title: text,
    description: text,
    vendor: text,
    category: index === 0 ? `1${text}` : `2${text}`,
    tags: [text],
    image_alt: text,
    options: [{ name: text, values: [text, text] }],
  }));
  return render({
    layout: sayingSo(layout, text),
    shop: { ...shop(text, brand), slug: "a" },
    products,
    page: { scriptUrl: "/assets/a.js" },
  }).html;
}

/** Words that are there: an empty text leaves its element out, which is no change by what the text says. */
const words = fc
  .oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.stringMatching(/^[<>"'`&/= a-z!-]{1,40}$/))
  .map((text) => `x${text}`);

describe("words of a shop", () => {
  it.each(PERSONA_TYPES)("never change the structure of a page for %s", (type) => {
    const plain = shapeOf(elementsOf(pageSaying("plain", type)));
    fc.assert(
      fc.property(words, (text) => {
        const page = elementsOf(pageSaying(text, type));
        expect(shapeOf(page)).toEqual(plain);
        expect(dangersOf(page)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it("are read on the page as they are", () => {
    const text = `<b>"Tom's" & co</b> </script><!--`;
    const elements = elementsOf(pageSaying(text));
    expect(named(elements, "h3").map(textOf)).toContain(text);
    expect(named(elements, "title").map(textOf)).toEqual([`${text} – ${text}`]);
    const data = named(elements, "script").find((element) => attribute(element, "type") === "application/ld+json");
    expect(JSON.parse(textOf(data as never))).toMatchObject({ name: text });
  });

  const lines = existsSync(PAYLOADS) ? readFileSync(PAYLOADS, "utf8").split("\n").filter(Boolean) : [];
  const check = lines.length > 0 ? it : it.skip;
  check(
    `cannot attack: all lines of the shared payload list (${lines.length || "skipped: no shared/data/xss/payloads.txt here"})`,
    () => {
      const plain = shapeOf(elementsOf(pageSaying("plain")));
      for (const line of lines) {
        const page = elementsOf(pageSaying(line));
        expect({ line, shape: shapeOf(page) }).toEqual({ line, shape: plain });
        expect({ line, dangers: dangersOf(page) }).toEqual({ line, dangers: [] });
      }
    },
  );
});

describe("addresses and colours of a shop", () => {
  it("that are none of the web are left out", () => {
    const bad = "javascript:alert(1)";
    const products = [product({ id: "a", url: bad, image_url: bad })];
    const brand = { ...BRANDS.bold, primary_color: "red}</style><script>", font_family: `x";}</style><script>` };
    const layout = templateLayout({ persona: persona("unknown"), products, brand, shopName: "A" });
    const page = { canonicalUrl: bad, scriptUrl: bad };
    const { html, imageHosts } = render({ layout, shop: { ...shop("A", brand), shop_url: bad }, products, page });
    expect(dangersOf(elementsOf(html))).toEqual([]);
    expect(html).not.toContain("javascript:");
    expect(imageHosts).toEqual([]);
  });
});
