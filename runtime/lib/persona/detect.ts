import { PERSONA_TYPES, type Persona, type PersonaType, type Signals } from "../../contract/persona";
import { priceBand } from "./bands";
import type { Pattern } from "./patterns";

/**
 * How persona detection works. Every pattern, and the price sensitivity, gives points to the personas it speaks for
 * (table below). The persona with the most points wins, ties go by the order of `PERSONA_TYPES`; below `ENOUGH` points
 * there is no evidence yet and the shopper is `unknown`. The same signals always give the same persona.
 */
type Points = Readonly<Partial<Record<PersonaType, number>>>;

const PATTERN_POINTS: Readonly<Record<Pattern, Points>> = {
  quick_views: { minimalist: 2 },
  direct_search: { minimalist: 1 },
  filter_heavy: { minimalist: 1 },
  straight_to_cart: { minimalist: 2 },
  wide_browsing: { explorer: 3 },
  many_views: { explorer: 1.5 },
  deep_reads: { collector: 2 },
  wishlist_builder: { collector: 3 },
  comparer: { collector: 1.5, dealhunter: 0.5 },
  single_category: { collector: 2 },
  price_sorting: { dealhunter: 2 },
  sale_seeking: { dealhunter: 2.5 },
  discount_buyer: { dealhunter: 2 },
  buyer: { loyalist: 2 },
  repeat_buyer: { loyalist: 3 },
  returning: { loyalist: 2 },
};
const SENSITIVITY_POINTS: Readonly<Record<Signals["price_sensitivity"], Points>> = {
  high: { dealhunter: 1 },
  medium: {},
  low: { collector: 0.5, loyalist: 0.5 },
};

/** Points from which a persona is named at all, and from which more of them add no confidence. */
const ENOUGH = 2;
const PLENTY = 6;

export const NO_SIGNALS: Signals = {
  avg_order_value: 0,
  category_preferences: [],
  price_sensitivity: "medium",
  browsing_patterns: [],
};
/** A shopper of whom nothing is known yet. */
export const UNKNOWN_PERSONA: Persona = { type: "unknown", confidence: 0, signals: NO_SIGNALS };

/**
 * Names the persona. Confidence is 0 for `unknown`, else 0.4 + 0.3 × how much evidence there is + 0.3 × how far the
 * winner leads the second, both in 0..1, to two decimals.
 */
export function detectPersona(signals: Signals): Persona {
  const points = pointsOf(signals);
  const ranked = PERSONA_TYPES.map((type) => ({ type, points: points[type] ?? 0 })).toSorted(
    (a, b) => b.points - a.points,
  );
  const [best, second] = [ranked[0]?.points ?? 0, ranked[1]?.points ?? 0];
  if (best < ENOUGH) return { type: "unknown", confidence: 0, signals };
  const evidence = Math.min(1, (best - ENOUGH) / (PLENTY - ENOUGH));
  const lead = (best - second) / best;
  const confidence = Math.round((0.4 + 0.3 * evidence + 0.3 * lead) * 100) / 100;
  return { type: ranked[0]?.type ?? "unknown", confidence, signals };
}

/** Points of each persona for these signals; words in `browsing_patterns` that are no pattern of ours count nothing. */
function pointsOf(signals: Signals): Partial<Record<PersonaType, number>> {
  const known = PATTERN_POINTS as Readonly<Record<string, Points | undefined>>;
  const sources = [...new Set(signals.browsing_patterns)].map((name) =>
    Object.hasOwn(known, name) ? known[name] : {},
  );
  const total: Partial<Record<PersonaType, number>> = {};
  for (const source of [...sources, SENSITIVITY_POINTS[signals.price_sensitivity]]) {
    for (const [type, value] of Object.entries(source ?? {}) as [PersonaType, number][]) {
      total[type] = (total[type] ?? 0) + value;
    }
  }
  return total;
}

/** Change of confidence, in percent, that is worth a new page. */
const CONFIDENCE_STEP = 20;

/**
 * Whether a newly detected persona differs so much from the one in effect that a new page is worth its price. Small
 * shifts are not: each page costs a call of a model, and a page that changes at every click disturbs its reader.
 */
export function isMaterialChange(current: Persona, detected: Persona): boolean {
  if (current.type !== detected.type) return true;
  if (detected.type === "unknown") return false;
  const [a, b] = [current.signals, detected.signals];
  return (
    Math.round(100 * Math.abs(current.confidence - detected.confidence)) >= CONFIDENCE_STEP ||
    a.category_preferences[0] !== b.category_preferences[0] ||
    a.price_sensitivity !== b.price_sensitivity ||
    Math.abs(priceBand(a.avg_order_value) - priceBand(b.avg_order_value)) > 1
  );
}
