import * as fc from "fast-check";
import type { TrackEvent } from "../../../../runtime/contract/events";
import type { Signals } from "../../../../runtime/contract/persona";
import { factOf, indexProducts, type Fact } from "../../../../runtime/lib/persona/facts";
import { product } from "../../worker/support/store";

export const PRODUCTS = Array.from({ length: 24 }, (_, index) => product(index));
export const INDEX = indexProducts(PRODUCTS);

const id = fc.constantFrom(...PRODUCTS.map((one) => one.id), "unknown-product");
const ms = fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined });
const text = fc.string({ minLength: 1, maxLength: 30 });
const money = fc.double({ min: 0, max: 10_000_000, noNaN: true });

export const anyEvent: fc.Arbitrary<TrackEvent> = fc.oneof(
  fc.record({ type: fc.constant("page_view" as const), ms }),
  fc.record({ type: fc.constant("product_view" as const), product_id: id, ms }),
  fc.record({ type: fc.constant("category_view" as const), category: text }),
  fc.record({
    type: fc.constant("filter" as const),
    facet: fc.constantFrom("category", "saving", "price"),
    value: text,
  }),
  fc.record({ type: fc.constant("sort" as const), by: text }),
  fc.record({ type: fc.constant("search" as const), query: text }),
  fc.record({ type: fc.constant("wishlist" as const), product_id: id }),
  fc.record({
    type: fc.constant("compare" as const),
    product_ids: fc.array(id, { minLength: 2, maxLength: 10 }),
  }),
  fc.record({ type: fc.constant("add_to_cart" as const), product_id: id, price: money }),
  fc.record({
    type: fc.constant("purchase" as const),
    total: money,
    product_ids: fc.array(id, { maxLength: 5 }),
    discount: money,
  }),
);

export const anyFacts = fc.array(
  fc.tuple(anyEvent, fc.integer({ min: 0, max: 4e12 })).map(([event, at]) => factOf(event, INDEX, at)),
  { maxLength: 40 },
);

export const anySignals: fc.Arbitrary<Signals> = fc.record({
  avg_order_value: fc.double({ min: 0, max: 1_000_000, noNaN: true }),
  category_preferences: fc.array(fc.string({ maxLength: 100 }), { maxLength: 20 }),
  price_sensitivity: fc.constantFrom("low", "medium", "high"),
  browsing_patterns: fc.array(
    fc.oneof(
      fc.constantFrom(
        "quick_views",
        "filter_heavy",
        "wide_browsing",
        "comparer",
        "price_sorting",
        "buyer",
        "constructor",
      ),
      fc.string({ maxLength: 60 }),
    ),
    { maxLength: 20 },
  ),
});

/** Events of one moment as they are remembered. */
export const facts = (...events: TrackEvent[]): Fact[] => events.map((event) => factOf(event, INDEX, 0));
