import * as fc from "fast-check";
import { bindFacts, compose, lookOf, ownCss, SLOT, type PageFacts } from "../../../runtime/page";
import { attribute, elementsOf, named, textOf } from "./dom";
import { BRANDS, product, shop } from "./fixtures";

const slot = (id: string): string =>
  `<!--${SLOT.product(id)}--><li class="c" data-product-id="${id}"><!--${SLOT.facts}--><!--${SLOT.factsEnd}--></li><!--${SLOT.productEnd}-->`;
const link = (id: string): string => `<a data-product-link="${encodeURIComponent(id)}">Words</a>`;

const yesterday = [
  product({ id: "elder", title: "Elder Wand", price: 120 }),
  product({ id: "willow", title: "Willow Wand", price: 64, image_url: "https://cdn.example/old.jpg" }),
  product({ id: "robe", title: "Robe", price: 42 }),
];
const about = (products: PageFacts["products"], page: PageFacts["page"] = { source: "model" }): PageFacts => ({
  persona: "explorer",
  shop: shop("Magic Wands", BRANDS.natural),
  products,
  page,
});
const parts = {
  body: `<h1>Hello</h1><ul>${slot("elder")}${slot("willow")}</ul><p>${link("willow")}</p>`,
  css: `${ownCss(lookOf(BRANDS.natural))}#wand-made .c{color:red}`,
};
const stored = compose(parts, about(yesterday));
if (stored === undefined) throw new Error("the page was not put together");

/** Products in the model's part of a page, by id. */
function shownOn(html: string): Record<string, string> {
  const model = html.slice(html.indexOf("<!--wand:page-->"), html.indexOf("<!--/wand:page-->"));
  const items = named(elementsOf(`<!doctype html><title>x</title>${model}`), "li");
  return Object.fromEntries(
    items.map((item) => [attribute(item, "data-product-id"), textOf(item).replace(/\s+/g, " ").trim()]),
  );
}

describe("bindFacts", () => {
  it("gives the same page for the same facts", () => {
    expect(bindFacts(stored.html, about(yesterday))).toEqual(stored);
    expect(shownOn(stored.html)).toEqual({ elder: "Elder Wand £120.00", willow: "Willow Wand £64.00" });
  });

  it("shows today's titles, prices, links and pictures, and none of yesterday's", () => {
    const today = yesterday.map((one) => ({
      ...one,
      title: `New ${one.title}`,
      price: 777,
      price_max: 777,
      compare_at_price: 1000,
      url: `https://shop.example/new/${one.id}`,
      image_url: "https://cdn2.example/new.jpg",
    }));
    const bound = bindFacts(stored.html, about(today, { source: "model", canonicalUrl: "https://edge.example/s/a" }));
    expect(shownOn(bound?.html ?? "")).toEqual({
      elder: "Save 22% New Elder Wand £777.00 was £1,000.00",
      willow: "Save 22% New Willow Wand £777.00 was £1,000.00",
    });
    expect(bound?.html).not.toMatch(/£120|£64|old\.jpg|\/products\/|"price":(120|64|42)\b/);
    expect(bound?.html).toContain(`href="https://shop.example/new/willow">Words</a>`);
    expect(bound?.html).toContain(`<link rel="canonical" href="https://edge.example/s/a"`);
    expect(bound?.imageHosts).toEqual(["cdn2.example"]);
  });

  it("keeps the style sheet and so the hash of it", () => {
    const bound = bindFacts(stored.html, about([{ ...yesterday[0]!, price: 1 }]));
    expect([bound?.css, bound?.cspHash]).toEqual([stored.css, stored.cspHash]);
    expect(bound?.html).toContain(`<style>${stored.css}</style>`);
  });

  it("drops products that are gone or sold out, and says of the latter that they are, below", () => {
    const soldOut = bindFacts(stored.html, about([yesterday[0]!, { ...yesterday[1]!, available: false }]));
    expect(shownOn(soldOut?.html ?? "")).toEqual({ elder: "Elder Wand £120.00" });
    expect(soldOut?.html).toMatch(/Everything else[^]*Willow Wand[^]*Sold out/);
    expect(soldOut?.html).toContain(`<a data-product-link="willow">Words</a>`);
    const gone = bindFacts(stored.html, about([yesterday[0]!]));
    expect(gone?.html).not.toContain("Willow");
  });

  it("brings a product back that was sold out in between only where the page still has a place for it", () => {
    const without = bindFacts(stored.html, about([yesterday[0]!]));
    expect(shownOn(bindFacts(without?.html ?? "", about(yesterday))?.html ?? "")).toEqual({
      elder: "Elder Wand £120.00",
    });
  });

  it.each<[string, string, PageFacts]>([
    ["none of its products is there any more", stored.html, about([yesterday[2]!])],
    ["it was not put together here", "<!doctype html><p>€5</p>", about(yesterday)],
    ["it lost a mark", stored.html.replace("<!--/wand:page-->", ""), about(yesterday)],
    ["it has a mark twice", stored.html.replace("<h1>", "<!--wand:page--><h1>"), about(yesterday)],
    ["the catalogue is empty", stored.html, about([])],
  ])("is undefined for a page when %s", (_why, html, facts) => {
    expect(bindFacts(html, facts)).toBeUndefined();
  });

  it("never shows an old price, whatever ids and words products have", () => {
    const id = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => !/[<>"&]/.test(text));
    const words = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("<!--/wand:facts-->", "$&$1", "<!--wand:page-->", "</style>"),
    );
    fc.assert(
      fc.property(id, words, fc.integer({ min: 1, max: 99_999 }), (name, title, price) => {
        const of = (amount: number, text: string) => about([product({ id: name, title: text, price: amount })]);
        const first = compose({ body: `<ul>${slot(name)}</ul>`, css: "" }, of(123_456, title));
        const again = bindFacts(first?.html ?? "", of(price, `x${title}`));
        expect(again?.html).not.toContain("123,456");
        expect(again?.html.match(/<strong>/g)).toHaveLength(1);
        expect(bindFacts(again?.html ?? "", of(price, `x${title}`))).toEqual(again);
      }),
      { numRuns: 100 },
    );
  });
});
