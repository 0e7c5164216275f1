import * as fc from "fast-check";
import { PERSONA_HASH_PATTERN, PERSONA_TYPES, type Persona } from "../../../../runtime/contract/persona";
import { NO_SIGNALS } from "../../../../runtime/lib/persona/detect";
import { personaHash } from "../../../../runtime/lib/persona/hash";
import { anySignals } from "./arbitraries";

const base: Persona = { type: "minimalist", confidence: 0.85, signals: { ...NO_SIGNALS, avg_order_value: 45.5 } };
const hash = (persona: Partial<Persona> = {}, catalogueVersion = "c1", promptVersion = "p1") =>
  personaHash({ persona: { ...base, ...persona }, catalogueVersion, promptVersion });
const withSignals = (signals: Partial<Persona["signals"]>) => hash({ signals: { ...base.signals, ...signals } });

describe("personaHash", () => {
  it("always has the contract's form, with the confidence as a multiple of five", () => {
    const anyPersona = fc.record({
      type: fc.constantFrom(...PERSONA_TYPES),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      signals: anySignals,
    });
    fc.assert(
      fc.property(anyPersona, (persona) => {
        const text = hash(persona);
        expect(text).toMatch(PERSONA_HASH_PATTERN);
        const percent = Number(text.split("_")[2]);
        expect(percent % 5).toBe(0);
        expect(Math.abs(percent - persona.confidence * 100)).toBeLessThanOrEqual(2.5 + 1e-9);
        expect(hash(structuredClone(persona))).toBe(text);
      }),
    );
  });

  it("names type and confidence in clear", () => {
    expect(hash()).toMatch(/^v2_minimalist_85_[0-9a-f]{8}$/);
  });

  it("is the same inside a bucket and another beyond it", () => {
    expect(withSignals({ avg_order_value: 49.99 })).toBe(hash());
    expect(withSignals({ avg_order_value: 50.01 })).not.toBe(hash());
    expect(hash({ confidence: 0.86 })).toBe(hash());
    expect(withSignals({ price_sensitivity: "high" })).not.toBe(hash());
    expect(withSignals({ category_preferences: ["Robes"] })).not.toBe(hash());
  });

  it("takes no notice of the order of patterns, nor of the third category", () => {
    expect(withSignals({ browsing_patterns: ["a", "b"] })).toBe(withSignals({ browsing_patterns: ["b", "a", "b"] }));
    const two = withSignals({ category_preferences: ["A", "B"] });
    expect(withSignals({ category_preferences: ["A", "B", "C"] })).toBe(two);
    expect(withSignals({ category_preferences: ["B", "A"] })).not.toBe(two);
  });

  it("is another for another catalogue and for another prompt", () => {
    expect(new Set([hash(), hash({}, "c2"), hash({}, "c1", "p2")]).size).toBe(3);
  });
});
