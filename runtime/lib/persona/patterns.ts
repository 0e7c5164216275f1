import type { TrackEvent } from "../../contract/events";
import type { Fact } from "./facts";

/** A product looked at for less than this is skimmed, for more than `READ_MS` it is read. */
const SKIM_MS = 10_000;
const READ_MS = 30_000;
const DAY_MS = 86_400_000;

/** Words by which shops and shoppers mean "for less". */
const SAVING = /\b(?:sales?|saving|savings|discounts?|deals?|offers?|clearance|cheap|outlet|bargains?)\b/i;

type Of<Type extends TrackEvent["type"]> = Extract<TrackEvent, { type: Type }>;

/** A shopper's events by type, with the few figures that several patterns need. */
interface Behaviour {
  facts: readonly Fact[];
  of<Type extends TrackEvent["type"]>(type: Type): Of<Type>[];
  /** Different products touched. */
  products: Map<string, { category: string; reduced: boolean }>;
  categories: Set<string>;
}

/**
 * The browsing patterns and what each means. Thresholds are small on purpose: three to five telling events are what a
 * shopper gives in a first visit.
 */
const PATTERNS = {
  /** At least two products, most of them looked at for a few seconds only. */
  quick_views: ({ of }) => {
    const timed = of("product_view").filter((view) => view.ms !== undefined);
    return timed.length >= 2 && timed.filter((view) => (view.ms ?? 0) < SKIM_MS).length > timed.length / 2;
  },
  /** Says what is wanted instead of looking round. */
  direct_search: ({ of, products }) => of("search").length >= 1 && products.size <= 4,
  filter_heavy: ({ of }) => of("filter").length >= 2,
  /** Puts something into the cart after at most two looks for each. */
  straight_to_cart: ({ of }) => {
    const carts = of("add_to_cart").length;
    return carts >= 1 && of("product_view").length <= 2 * carts;
  },
  wide_browsing: ({ categories }) => categories.size >= 3,
  many_views: ({ of, products }) => of("product_view").length >= 5 && products.size >= 5,
  /** At least two products read at length. */
  deep_reads: ({ of }) => of("product_view").filter((view) => (view.ms ?? 0) >= READ_MS).length >= 2,
  wishlist_builder: ({ of }) => of("wishlist").length >= 2,
  comparer: ({ of }) => of("compare").length >= 1,
  /** At least four products, four fifths of them of one category. */
  single_category: ({ products }) => {
    const categories = [...products.values()].map((product) => product.category);
    const most = Math.max(0, ...categories.map((name) => categories.filter((other) => other === name).length));
    return products.size >= 4 && most >= 0.8 * products.size;
  },
  price_sorting: ({ of }) => of("sort").some(({ by }) => /price|saving|discount/i.test(by) && !/desc|high/i.test(by)),
  /** Asks for reductions, or touches at least two reduced products and few others. */
  sale_seeking: ({ of, products }) => {
    const asked =
      of("filter").some(({ facet, value }) => SAVING.test(facet) || SAVING.test(value ?? "")) ||
      of("category_view").some(({ category }) => SAVING.test(category)) ||
      of("search").some(({ query }) => SAVING.test(query));
    const reduced = [...products.values()].filter((product) => product.reduced).length;
    return asked || (reduced >= 2 && reduced >= 0.6 * products.size);
  },
  discount_buyer: ({ of }) => of("purchase").some((purchase) => purchase.discount > 0),
  buyer: ({ of }) => of("purchase").length >= 1,
  repeat_buyer: ({ of }) => of("purchase").length >= 2,
  /** Came on at least three days (UTC). */
  returning: ({ facts }) => new Set(facts.map((fact) => Math.floor(fact.at / DAY_MS))).size >= 3,
} as const satisfies Record<string, (behaviour: Behaviour) => boolean>;

export type Pattern = keyof typeof PATTERNS;

/** The patterns that a shopper's events show, in the order of the table. */
export function patternsOf(facts: readonly Fact[]): Pattern[] {
  const touches = facts.flatMap((fact) => fact.touched);
  const seen = facts.map((fact) => fact.event);
  const viewed = seen.filter((event) => event.type === "category_view").map((event) => event.category);
  const behaviour: Behaviour = {
    facts,
    of: <Type extends TrackEvent["type"]>(type: Type) => seen.filter((event): event is Of<Type> => event.type === type),
    products: new Map(touches.map((touch) => [touch.id, touch])),
    categories: new Set([...touches.map((touch) => touch.category), ...viewed].filter((name) => name !== "")),
  };
  return (Object.keys(PATTERNS) as Pattern[]).filter((name) => PATTERNS[name](behaviour));
}
