import * as fc from "fast-check";
import type { Persona } from "../../../../runtime/contract/persona";
import { NO_SIGNALS, UNKNOWN_PERSONA } from "../../../../runtime/lib/persona/detect";
import { relevantProducts } from "../../../../runtime/lib/persona/relevance";
import { PRODUCTS } from "./arbitraries";

const persona = (signals: Partial<Persona["signals"]>): Persona => ({
  type: "explorer",
  confidence: 0.7,
  signals: { ...NO_SIGNALS, ...signals },
});
const first = (one: Persona, count: number) => relevantProducts(PRODUCTS, one, count);

describe("relevantProducts", () => {
  it("leaves the shop's order as it is for somebody unknown", () => {
    expect(first(UNKNOWN_PERSONA, 10)).toEqual(PRODUCTS.slice(0, 10));
  });

  it("never gives more than the limit, nor a product twice, nor one that is not there", () => {
    fc.assert(
      fc.property(fc.nat(40), (limit) => {
        const chosen = first(persona({ category_preferences: ["Robes"] }), limit);
        expect(chosen.length).toBe(Math.min(limit, PRODUCTS.length));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.every((one) => PRODUCTS.includes(one))).toBe(true);
      }),
    );
  });

  it("puts the favourite categories first, in their order", () => {
    const categories = first(persona({ category_preferences: ["Books", "Robes"] }), 12).map((one) => one.category);
    expect(categories).toEqual([...Array<string>(6).fill("Books"), ...Array<string>(6).fill("Robes")]);
  });

  it("puts what is reduced first for those who want to save", () => {
    const reduced = PRODUCTS.filter((one) => one.compare_at_price !== null);
    expect(first(persona({ price_sensitivity: "high" }), reduced.length)).toEqual(reduced);
  });

  it("puts what cannot be bought last", () => {
    const [sold, ...others] = PRODUCTS.map((one, index) => ({ ...one, available: index !== 0 }));
    expect(relevantProducts([sold!, ...others], persona({ category_preferences: ["Wands"] }), 24).at(-1)).toBe(sold);
  });
});
