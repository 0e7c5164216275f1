import type { Persona } from "../../contract/persona";
import type { Product } from "../../contract/product";
import { preferenceName } from "./signals";

/** What speaks for a product: being buyable above all, then the shopper's categories, then what its price means to them. */
const WEIGHT = { available: 100, category: 10, price: 5 } as const;

/**
 * The products that matter most to a shopper, at most `limit`, best first; equal ones in the catalogue's order. Products of
 * the same category stay in the catalogue's order, which is the shop's own choice.
 */
export function relevantProducts(products: readonly Product[], persona: Persona, limit: number): Product[] {
  const { category_preferences: preferences, price_sensitivity: sensitivity } = persona.signals;
  const wantsSavings = sensitivity === "high" || persona.type === "dealhunter";
  const score = (product: Product): number => {
    const place = preferences.indexOf(preferenceName(product.category));
    const category = place === -1 ? 0 : (preferences.length - place) / preferences.length;
    const before = product.compare_at_price;
    const saving = before === null || before <= product.price ? 0 : 0.5 + (before - product.price) / before / 2;
    return (
      (product.available ? WEIGHT.available : 0) +
      WEIGHT.category * category +
      (wantsSavings ? WEIGHT.price * saving : 0)
    );
  };
  return products
    .map((product, index) => ({ product, index, score: score(product) }))
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, limit)
    .map(({ product }) => product);
}
