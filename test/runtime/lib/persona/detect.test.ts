import * as fc from "fast-check";
import { PersonaSchema, PERSONA_TYPES } from "../../../../runtime/contract/persona";
import { detectPersona, isMaterialChange, NO_SIGNALS, UNKNOWN_PERSONA } from "../../../../runtime/lib/persona/detect";
import { anySignals } from "./arbitraries";

const of = (...browsing_patterns: string[]) => detectPersona({ ...NO_SIGNALS, browsing_patterns });

describe("detectPersona", () => {
  it("knows nobody without evidence", () => {
    expect(detectPersona(NO_SIGNALS)).toEqual(UNKNOWN_PERSONA);
    expect(of("filter_heavy").type).toBe("unknown");
    expect(of("some other system's word").type).toBe("unknown");
  });

  it("always gives a persona that the contract takes, with a confidence that says whether it knows", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const persona = detectPersona(signals);
        expect(PersonaSchema.parse(persona)).toEqual(persona);
        expect(persona.confidence === 0).toBe(persona.type === "unknown");
        expect(detectPersona(structuredClone(signals))).toEqual(persona);
      }),
    );
  });

  it("does not depend on the order or the number of times a pattern is named", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const { type, confidence } = detectPersona(signals);
        const browsing_patterns = [...signals.browsing_patterns, ...signals.browsing_patterns].toReversed();
        expect(detectPersona({ ...signals, browsing_patterns })).toMatchObject({ type, confidence });
      }),
    );
  });

  it.each([
    ["minimalist", ["quick_views", "filter_heavy"]],
    ["explorer", ["wide_browsing"]],
    ["collector", ["wishlist_builder"]],
    ["dealhunter", ["price_sorting"]],
    ["loyalist", ["buyer", "repeat_buyer"]],
  ])("names a %s", (type, patterns) => {
    expect(of(...patterns).type).toBe(type);
  });

  it("is surer with more evidence and less sure with contrary evidence", () => {
    const some = of("quick_views");
    expect(of("quick_views", "direct_search", "filter_heavy").confidence).toBeGreaterThan(some.confidence);
    expect(of("quick_views", "many_views").confidence).toBeLessThan(some.confidence);
  });

  it("breaks a tie by the order of the types", () => {
    const tied = of("quick_views", "buyer");
    expect(tied.type).toBe(PERSONA_TYPES.find((type) => type === "minimalist" || type === "loyalist"));
  });
});

describe("isMaterialChange", () => {
  const dealhunter = detectPersona({ ...NO_SIGNALS, price_sensitivity: "high", browsing_patterns: ["price_sorting"] });
  const withSignals = (signals: Partial<typeof NO_SIGNALS>) => ({
    ...dealhunter,
    signals: { ...dealhunter.signals, ...signals },
  });

  it("is never from a persona to itself", () => {
    fc.assert(fc.property(anySignals, (signals) => !isMaterialChange(detectPersona(signals), detectPersona(signals))));
  });

  it("is another type, favourite category, sensitivity or much more confidence", () => {
    expect(isMaterialChange(UNKNOWN_PERSONA, dealhunter)).toBe(true);
    expect(isMaterialChange(dealhunter, withSignals({ category_preferences: ["Robes"] }))).toBe(true);
    expect(isMaterialChange(dealhunter, withSignals({ price_sensitivity: "low" }))).toBe(true);
    expect(isMaterialChange(dealhunter, { ...dealhunter, confidence: dealhunter.confidence - 0.2 })).toBe(true);
  });

  it("is no small shift, nor more signals of somebody still unknown", () => {
    expect(isMaterialChange(dealhunter, { ...dealhunter, confidence: dealhunter.confidence - 0.1 })).toBe(false);
    expect(isMaterialChange(dealhunter, withSignals({ browsing_patterns: ["price_sorting", "direct_search"] }))).toBe(
      false,
    );
    const seen = { ...UNKNOWN_PERSONA, signals: { ...NO_SIGNALS, category_preferences: ["Robes"] } };
    expect(isMaterialChange(UNKNOWN_PERSONA, seen)).toBe(false);
  });
});
