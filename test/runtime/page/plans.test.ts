import { GUIDANCE } from "../../../runtime/container/prompt/guidance";
import type { Section } from "../../../runtime/contract/layout";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import { PLANS, templateLayout, type Part } from "../../../runtime/page";
import { persona } from "./fixtures";
import { ODD_SHOPS, SHOPS } from "./support/shops";

/** What a section has of what its part of a plan says. */
function asPlanned(section: Section, part: Part): object {
  const wanted = "config" in part ? Object.keys(part.config) : [];
  const config = Object.entries(section.config).filter(([key]) => wanted.includes(key));
  return { type: section.type, ...(wanted.length > 0 && { config: Object.fromEntries(config) }) };
}

const planned = ({ what: _what, ...part }: Part): object => {
  const { type, config } = { config: undefined, ...part };
  return { type, ...(config !== undefined && { config }) };
};

describe.each(PERSONA_TYPES)("the plan of a page for %s", (type) => {
  const { idea, parts } = PLANS[type];

  it.each(["magic-wands", "moss-and-kettle"])("is what the template makes of %s", (slug) => {
    const { brand, name, locale, catalogue } = SHOPS[slug]!;
    const categories = [...new Set(catalogue.products.map(({ category }) => category))];
    const who = persona(type, categories.slice(0, 2));
    const { sections } = templateLayout({ persona: who, products: catalogue.products, brand, shopName: name, locale });
    const last = parts.at(-1)!;
    const wanted = [...parts, ...Array.from({ length: Math.max(0, sections.length - parts.length) }, () => last)];
    if (sections.length > parts.length) expect(last).toMatchObject({ several: true });
    expect(sections.map((section, n) => asPlanned(section, wanted[n]!))).toEqual(wanted.map(planned));
  });

  it("is kept in its order where there are many shelves", () => {
    const { brand, name, catalogue } = ODD_SHOPS["many"]!;
    const who = persona(type, ["Shelf 1"]);
    const { sections } = templateLayout({ persona: who, products: catalogue.products, brand, shopName: name });
    const kinds = sections.map((section) => section.type);
    expect(kinds.slice(0, parts.length)).toEqual(parts.map((part) => part.type));
  });

  it("is told to models part for part, with nothing of a shop in it", () => {
    const told = GUIDANCE[type];
    expect(told.startsWith(`${idea} In this order: 1. `)).toBe(true);
    for (const [n, part] of parts.entries()) {
      expect(told).toContain(`${n + 1}. ${part.type === "grid" && part.several ? "one or more grids" : part.type}`);
      expect(told).toContain(part.what);
      if (part.type === "hero") expect(told).toContain(`style ${part.config.style}`);
      if (part.type === "grid") for (const shown of part.config.show) expect(told).toContain(shown);
    }
    expect(told).not.toContain("undefined");
    expect(told.length).toBeLessThan(700);
  });
});
