import { PERSONA_TYPES, type PersonaType } from "../../../runtime/contract/persona";
import type { StoreRecord } from "../../../runtime/contract/store";
import { render, templateLayout } from "../../../runtime/page";
import { attribute, below, elementsOf, named, textOf, type Element } from "./dom";
import { persona } from "./fixtures";
import { SHOPS } from "./support/shops";

function pageOf(record: StoreRecord, type: PersonaType): { elements: Element[]; css: string } {
  const { products } = record.catalogue;
  const who = persona(type, [products[0]!.category]);
  const layout = templateLayout({ persona: who, products, brand: record.brand, shopName: record.name });
  const { html, css } = render({ layout, shop: record, products, page: {} });
  return { elements: elementsOf(html), css };
}

/** What follows what inside `main`, by kind: sections, headings, lists and what their items are; no words. */
function skeleton(elements: readonly Element[]): string[] {
  const main = named(elements, "main")[0]!;
  return below(main)
    .filter(({ tagName }) => /^(section|nav|h[1-3]|ul|li|dl|details|form)$/.test(tagName))
    .map((one) => `${one.tagName}.${(attribute(one, "class") ?? "").replace(/ [cpd]\d+\b/g, "")}`);
}

/** How much of two lists, in pairs of neighbours, is the same: 0 to 1. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const pairs = (list: readonly string[]): Set<string> => new Set(list.slice(1).map((one, n) => `${list[n]} ${one}`));
  const [x, y] = [pairs(a), pairs(b)];
  const both = [...x].filter((pair) => y.has(pair)).length;
  return both / (x.size + y.size - both);
}

describe.each(Object.entries(SHOPS))("what six shoppers see of %s", (_slug, record) => {
  const skeletons = PERSONA_TYPES.map((type) => skeleton(pageOf(record, type).elements));

  it("is built differently for each, not only worded differently", () => {
    for (const [n, one] of skeletons.entries()) {
      for (const other of skeletons.slice(n + 1)) expect(likeness(one, other)).toBeLessThan(0.6);
    }
  });

  it("begins differently for each: the first three things of the page are nobody else's", () => {
    const openings = PERSONA_TYPES.map((type) => {
      const main = named(pageOf(record, type).elements, "main")[0]!;
      const parts = below(main).filter(({ tagName }) => tagName === "section" || tagName === "nav");
      return parts.slice(0, 3).map(
        (part) =>
          `${attribute(part, "class")} ${named(below(part), "dl", "ul")
            .map((list) => attribute(list, "class"))
            .join()}`,
      );
    });
    expect(new Set(openings.map(String)).size).toBe(PERSONA_TYPES.length);
  });
});

describe("what a shopper sees", () => {
  const record = SHOPS["magic-wands"]!;
  const main = (type: PersonaType) => named(pageOf(record, type).elements, "main")[0]!;
  const has = (type: PersonaType, name: string): boolean =>
    below(main(type)).some((one) => (attribute(one, "class") ?? "").split(" ").includes(name));

  it("is what suits them", () => {
    expect(PERSONA_TYPES.filter((type) => has(type, "spec"))).toEqual(["collector"]);
    expect(PERSONA_TYPES.filter((type) => has(type, "figure"))).toEqual(["dealhunter"]);
    expect(PERSONA_TYPES.filter((type) => has(type, "mosaic"))).toEqual(["explorer"]);
    expect(PERSONA_TYPES.filter((type) => !has(type, "filters"))).toEqual(["minimalist", "loyalist"]);
  });

  it("tells a dealhunter the saving in money as the catalogue has it, and a collector the facts of the piece", () => {
    expect(textOf(main("dealhunter"))).toMatch(/You save £\d+\.\d\d/);
    const [sheet] = named(below(main("collector")), "dl");
    expect(named(below(sheet!), "dt").map(textOf)).toEqual(expect.arrayContaining(["Maker", "Kind", "Stock"]));
  });

  it("differs from shop to shop in more than colour", () => {
    const sheets = Object.values(SHOPS).map((shop) => pageOf(shop, "unknown").css.replace(/#[0-9a-f]{6}/g, ""));
    expect(new Set(sheets).size).toBe(sheets.length);
  });
});
