import * as fc from "fast-check";
import { PERSONA_TYPES, type Persona } from "../../../../runtime/contract/persona";
import { priceBand } from "../../../../runtime/lib/persona/bands";
import { cohortPersona } from "../../../../runtime/lib/persona/cohort";
import { personaHash } from "../../../../runtime/lib/persona/hash";
import { product } from "../../page/fixtures";
import { anySignals } from "./arbitraries";

const CATEGORIES = ["Wands", "Robes", "Potions"];
const products = CATEGORIES.map((category) => product({ id: category, category }));
const anyPersona: fc.Arbitrary<Persona> = fc.record({
  type: fc.constantFrom(...PERSONA_TYPES),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  signals: fc.record({
    price_sensitivity: fc.constantFrom("low", "medium", "high"),
    browsing_patterns: fc.array(fc.string(), { maxLength: 5 }),
    avg_order_value: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
    category_preferences: fc.array(fc.oneof(fc.constantFrom(...CATEGORIES), fc.string({ maxLength: 20 })), {
      maxLength: 5,
    }),
  }),
});
const keyOf = (persona: Persona): string =>
  personaHash({ persona: cohortPersona(persona, products), catalogueVersion: "c", promptVersion: "p" });

describe("cohortPersona", () => {
  it("is the same for two shoppers of one type, top category and price band, whatever else differs", () => {
    fc.assert(
      fc.property(anyPersona, anyPersona, (one, other) => {
        const like: Persona = {
          ...other,
          type: one.type,
          signals: {
            ...other.signals,
            avg_order_value: one.signals.avg_order_value,
            category_preferences: [
              ...one.signals.category_preferences.slice(0, 1),
              ...other.signals.category_preferences.slice(1),
            ],
          },
        };
        if (one.signals.category_preferences.length === 0) like.signals.category_preferences = [];
        expect(cohortPersona(like, products)).toEqual(cohortPersona(one, products));
        expect(keyOf(like)).toBe(keyOf(one));
      }),
    );
  });

  it("makes another key of another type, category or price band", () => {
    const signals = {
      avg_order_value: 60,
      category_preferences: ["Wands"],
      price_sensitivity: "medium",
      browsing_patterns: [],
    } as const;
    const persona = (given: Partial<Persona["signals"]>, type: Persona["type"] = "explorer"): Persona => ({
      type,
      confidence: 0.7,
      signals: { ...signals, category_preferences: [...signals.category_preferences], browsing_patterns: [], ...given },
    });
    const keys = [
      persona({}),
      persona({}, "loyalist"),
      persona({ category_preferences: ["Robes"] }),
      persona({ avg_order_value: 600 }),
    ];
    expect(new Set(keys.map(keyOf)).size).toBe(4);
    expect(keyOf(persona({ avg_order_value: 99, browsing_patterns: ["x"], price_sensitivity: "low" }))).toBe(
      keyOf(persona({})),
    );
  });

  it("has few keys, whatever browsers send", () => {
    const keys = new Set(fc.sample(anyPersona, 20_000).map(keyOf));
    expect(keys.size).toBeLessThanOrEqual(PERSONA_TYPES.length * (CATEGORIES.length + 1) * 10);
    fc.assert(
      fc.property(anySignals, (signals) => {
        const { category_preferences: named } = cohortPersona(
          { type: "unknown", confidence: 0, signals },
          products,
        ).signals;
        expect(named.every((category) => CATEGORIES.includes(category))).toBe(true);
      }),
    );
  });

  it("stays in its price band", () => {
    fc.assert(
      fc.property(anyPersona, (persona) => {
        const { avg_order_value: value } = cohortPersona(persona, products).signals;
        expect(priceBand(value)).toBe(priceBand(persona.signals.avg_order_value));
      }),
    );
  });
});
