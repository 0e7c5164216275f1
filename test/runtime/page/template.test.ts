import * as fc from "fast-check";
import { LayoutSpecSchema } from "../../../runtime/contract/layout";
import { PERSONA_TYPES } from "../../../runtime/contract/persona";
import type { Product } from "../../../runtime/contract/product";
import { templateLayout } from "../../../runtime/page";
import { BRANDS, home, persona, product, wands } from "./fixtures";

const layoutOf = (
  type: (typeof PERSONA_TYPES)[number],
  products: readonly Product[] = wands,
  categories: string[] = [],
) => templateLayout({ persona: persona(type, categories), products, brand: BRANDS.mystic, shopName: "Magic Wands" });
const idsOf = (layout: ReturnType<typeof layoutOf>, section: string): string[] => {
  const found = layout.sections.find(({ id }) => id === section);
  return found !== undefined && "product_ids" in found.config ? found.config.product_ids : [];
};

describe("the template's layouts", () => {
  it("are valid for any catalogue, name and taste", () => {
    const products = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 20 }),
        category: fc.string({ maxLength: 120 }),
        title: fc.string({ minLength: 1, maxLength: 255 }),
        price: fc.double({ min: 0, max: 1e6, noNaN: true }),
        compare_at_price: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
        available: fc.boolean(),
      }),
      { selector: ({ id }) => id, maxLength: 120 },
    );
    fc.assert(
      fc.property(
        products,
        fc.constantFrom(...PERSONA_TYPES),
        fc.string({ minLength: 1, maxLength: 120 }),
        (raw, type, name) => {
          const all = raw.map((given) => product(given));
          const input = {
            persona: persona(
              type,
              all.slice(0, 2).map(({ category }) => category),
            ),
            products: all,
            brand: BRANDS.bold,
            shopName: name,
          };
          const layout = templateLayout(input);
          expect(LayoutSpecSchema.safeParse(layout).error?.issues).toBeUndefined();
          expect(templateLayout(input)).toEqual(layout);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("differ in structure from persona to persona", () => {
    const kinds = PERSONA_TYPES.map((type) =>
      layoutOf(type)
        .sections.map(({ type: kind, config }) => `${kind} ${"style" in config ? config.style : ""}`)
        .join("|"),
    );
    expect(new Set(kinds).size).toBe(PERSONA_TYPES.length);
  });

  it("hold no price, no saving and no product's name: these are the renderer's", () => {
    for (const type of PERSONA_TYPES) {
      const words = JSON.stringify(
        layoutOf(type).sections.map(({ config }) => ({ ...config, product_ids: [], product_id: "" })),
      );
      for (const { title } of wands) expect(words).not.toContain(title);
      expect(words).not.toMatch(/[£€%]|\d{2}/);
    }
  });

  it("give a minimalist a few products and no detail", () => {
    const layout = layoutOf("minimalist");
    expect(idsOf(layout, "selection")).toHaveLength(6);
    expect(layout.sections.map(({ type }) => type)).toEqual(["hero", "grid"]);
  });

  it("give an explorer filters first and something of every category", () => {
    const layout = layoutOf("explorer");
    expect(layout.sections[0]?.type).toBe("filters");
    const seen = idsOf(layout, "wander").map((id) => wands.find((one) => one.id === id)?.category);
    expect(new Set(seen)).toEqual(new Set(wands.map(({ category }) => category)));
  });

  it("give a dealhunter the largest saving first, and only savings among the savings", () => {
    const layout = layoutOf("dealhunter");
    expect(layout.sections[0]).toMatchObject({
      type: "hero",
      config: { style: "deal", product_id: "a-guide-to-broom-repair" },
    });
    expect(idsOf(layout, "savings")).toEqual([
      "travelling-cloak",
      "willow-wand-with-silver-thread",
      "elixir-of-golden-hours",
      "cherry-wand",
    ]);
  });

  it("give a dealhunter low prices where nothing is reduced", () => {
    const layout = layoutOf(
      "dealhunter",
      home.map((one) => ({ ...one, compare_at_price: null })),
    );
    expect(layout.sections[0]).toMatchObject({
      type: "hero",
      config: { style: "split", product_id: "chamomile-blend" },
    });
    expect(idsOf(layout, "low")[0]).toBe("earl-grey-with-cornflower");
  });

  it("give a loyalist their categories before anything else", () => {
    const layout = layoutOf("loyalist", wands, ["potions"]);
    expect(layout.sections[0]?.type).toBe("recommendations");
    expect(idsOf(layout, "yours").every((id) => wands.find((one) => one.id === id)?.category === "Potions")).toBe(true);
  });

  it.each(PERSONA_TYPES)("show the only product there is in full, with nothing to choose from: %s", (type) => {
    const layout = layoutOf(type, wands.slice(0, 1));
    expect(layout.sections).toMatchObject([{ type: "hero", config: { style: "split", product_id: wands[0]?.id } }]);
  });

  it("list the only product there is where it cannot be bought, as it is with many", () => {
    const sold = wands.slice(0, 1).map((one) => ({ ...one, available: false }));
    expect(layoutOf("minimalist", sold).sections.map(({ type }) => type)).toEqual(["hero", "grid"]);
  });

  it("follow the signals: other preferences, another order", () => {
    expect(idsOf(layoutOf("minimalist", wands, ["Books"]), "selection")[0]).not.toBe(
      idsOf(layoutOf("minimalist", wands, ["Robes"]), "selection")[0],
    );
  });

  it("put what is sold out last", () => {
    expect(idsOf(layoutOf("minimalist", wands.slice(8, 14), ["Potions"]), "selection").at(-1)).toBe("sapphire-ink");
  });
});
