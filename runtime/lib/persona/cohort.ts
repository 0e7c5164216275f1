import type { Persona } from "../../contract/persona";
import type { Product } from "../../contract/product";
import { bandValue, priceBand } from "./bands";
import { preferenceName } from "./signals";

/**
 * What of a persona a page that is shared may know: the type, the category the shopper likes best, and the band of what they
 * spend. Everything else is the same for all of a cohort, so that neither the page's key nor the request that makes it says
 * anything more of whoever came first. A category that the catalogue does not have is none: a catalogue of c categories
 * has no more than 6 × (c + 1) × 10 cohorts, whatever browsers send.
 */
export function cohortPersona({ type, signals }: Persona, products: readonly Product[]): Persona {
  const [top] = signals.category_preferences;
  const known = top !== undefined && categoriesOf(products).has(top);
  return {
    type,
    confidence: type === "unknown" ? 0 : 1,
    signals: {
      avg_order_value: bandValue(priceBand(signals.avg_order_value)),
      category_preferences: known ? [top] : [],
      price_sensitivity: type === "dealhunter" ? "high" : "medium",
      browsing_patterns: [],
    },
  };
}

const categories = new WeakMap<readonly Product[], ReadonlySet<string>>();

function categoriesOf(products: readonly Product[]): ReadonlySet<string> {
  let names = categories.get(products);
  if (names === undefined) {
    names = new Set(products.map((product) => preferenceName(product.category)));
    categories.set(products, names);
  }
  return names;
}
