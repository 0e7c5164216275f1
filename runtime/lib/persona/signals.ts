import type { Signals } from "../../contract/persona";
import type { Fact, Touch } from "./facts";
import { patternsOf } from "./patterns";

/** How much one event says about the category it touches. */
const CATEGORY_WEIGHT: Readonly<Record<string, number>> = {
  product_view: 1,
  category_view: 1,
  filter: 1,
  compare: 1,
  wishlist: 2,
  add_to_cart: 3,
  purchase: 4,
};
const MOST_CATEGORIES = 5;
/** A category as the signals carry it: the contract gives it 100 characters, a catalogue 255. */
export const preferenceName = (category: string): string => category.slice(0, 100);

/** Share of touched products that are reduced from which a shopper counts as price-sensitive. */
const REDUCED_SHARE = 0.6;
/** Mean price rank (0..1) below and above which touched products are the cheap and the dear ones. */
const CHEAP_RANK = 0.25;
const DEAR_RANK = 0.66;
/** Fewer touches than this say nothing about price. */
const TELLING_TOUCHES = 3;

/** What a shopper's remembered events say about them; pure, and empty for no events. Order of `facts` is oldest first. */
export function signalsOf(facts: readonly Fact[]): Signals {
  const patterns = patternsOf(facts);
  return {
    avg_order_value: averageOrderValue(facts),
    category_preferences: categoryPreferences(facts),
    price_sensitivity: priceSensitivity(
      facts.flatMap((fact) => fact.touched),
      patterns,
    ),
    browsing_patterns: patterns,
  };
}

/** Mean of the orders; without one, of what was put into the cart; without that, of what was looked at; else 0. */
function averageOrderValue(facts: readonly Fact[]): number {
  const orders: number[] = [];
  const carts: number[] = [];
  const looks: number[] = [];
  for (const { event, touched } of facts) {
    const price = touched[0]?.price;
    if (event.type === "purchase") orders.push(event.total);
    else if (event.type === "add_to_cart" && (event.price ?? price) !== undefined)
      carts.push(event.price ?? price ?? 0);
    else if (event.type === "product_view" && price !== undefined) looks.push(price);
  }
  const sample = [orders, carts, looks].find((values) => values.length > 0) ?? [];
  const mean = sample.length === 0 ? 0 : sample.reduce((sum, value) => sum + value, 0) / sample.length;
  return Math.min(1_000_000, Math.round(mean * 100) / 100);
}

/** Categories by weight of what touched them, heaviest first, equal ones by name. */
function categoryPreferences(facts: readonly Fact[]): string[] {
  const weights = new Map<string, number>();
  const add = (category: string, weight: number): void => {
    const name = preferenceName(category);
    if (name !== "") weights.set(name, (weights.get(name) ?? 0) + weight);
  };
  for (const { event, touched } of facts) {
    const weight = CATEGORY_WEIGHT[event.type] ?? 0;
    if (event.type === "category_view") add(event.category, weight);
    else if (event.type === "filter" && event.facet === "category") add(event.value ?? "", weight);
    else for (const touch of touched) add(touch.category, weight);
  }
  return [...weights]
    .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, MOST_CATEGORIES)
    .map(([category]) => category);
}

function priceSensitivity(touches: readonly Touch[], patterns: readonly string[]): Signals["price_sensitivity"] {
  const asksForLess = ["price_sorting", "sale_seeking", "discount_buyer"].some((name) => patterns.includes(name));
  if (asksForLess) return "high";
  if (touches.length < TELLING_TOUCHES) return "medium";
  const reduced = touches.filter((touch) => touch.reduced).length / touches.length;
  const rank = touches.reduce((sum, touch) => sum + touch.rank, 0) / touches.length;
  if (rank <= CHEAP_RANK) return "high";
  return rank >= DEAR_RANK && reduced < REDUCED_SHARE ? "low" : "medium";
}
