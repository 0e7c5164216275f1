import * as fc from "fast-check";
import { SignalsSchema } from "../../../../runtime/contract/persona";
import { signalsOf } from "../../../../runtime/lib/persona/signals";
import { anyFacts, facts, INDEX, PRODUCTS } from "./arbitraries";

const view = (index: number, ms?: number) => ({ type: "product_view" as const, product_id: `thing-${index}`, ms });
const patterns = (...events: Parameters<typeof facts>) => signalsOf(facts(...events)).browsing_patterns;

describe("signalsOf", () => {
  it("says nothing of somebody who did nothing", () => {
    expect(signalsOf([])).toEqual({
      avg_order_value: 0,
      category_preferences: [],
      price_sensitivity: "medium",
      browsing_patterns: [],
    });
  });

  it("always gives signals that the contract takes, the same for the same events", () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const signals = signalsOf(some);
        expect(SignalsSchema.parse(signals)).toEqual(signals);
        expect(signalsOf(structuredClone(some))).toEqual(signals);
      }),
    );
  });

  it("takes the mean of orders before that of carts before that of looks", () => {
    const looks = [view(0), view(2)]; // 10 and 20
    const cart = { type: "add_to_cart" as const, product_id: "thing-4" }; // 30
    const orders = [40, 61].map((total) => ({ type: "purchase" as const, total, product_ids: [], discount: 0 }));
    expect(signalsOf(facts(...looks)).avg_order_value).toBe(15);
    expect(signalsOf(facts(...looks, cart)).avg_order_value).toBe(30);
    expect(signalsOf(facts(...looks, cart, ...orders)).avg_order_value).toBe(50.5);
  });

  it("weighs categories by what touched them", () => {
    const wishes = { type: "wishlist" as const, product_id: "thing-1" }; // Robes: 2
    expect(signalsOf(facts(view(0), wishes)).category_preferences).toEqual(["Robes", "Wands"]);
    const filtered = { type: "filter" as const, facet: "category", value: "Books" };
    expect(signalsOf(facts(filtered, view(3), view(7), wishes)).category_preferences).toEqual(["Books", "Robes"]);
  });

  it("calls those price-sensitive who ask for less or look at the cheapest, and not those who look at the dearest", () => {
    const sensitivity = (...events: Parameters<typeof facts>) => signalsOf(facts(...events)).price_sensitivity;
    expect(sensitivity({ type: "sort", by: "price-asc" })).toBe("high");
    expect(sensitivity({ type: "sort", by: "price-desc" })).toBe("medium");
    expect(sensitivity({ type: "sort", by: "newest" })).toBe("medium");
    expect(sensitivity(view(1), view(2), view(4))).toBe("high");
    expect(sensitivity(view(20), view(22), view(23))).toBe("low");
    expect(sensitivity(view(22), view(23))).toBe("medium");
  });

  it.each([
    ["quick_views", [view(1, 2000), view(2, 9000)], [view(1, 2000), view(2, 11_000)]],
    ["deep_reads", [view(1, 30_000), view(2, 45_000)], [view(1, 30_000), view(2, 29_999)]],
    ["wide_browsing", [view(0), view(1), view(2)], [view(0), view(1), view(5)]],
    ["many_views", [0, 1, 2, 3, 4].map((i) => view(i)), [0, 1, 2, 3, 3].map((i) => view(i))],
    ["single_category", [0, 4, 8, 12].map((i) => view(i)), [0, 4, 8, 11].map((i) => view(i))],
    ["sale_seeking", [view(0), view(3)], [view(0), view(1)]],
    [
      "sale_seeking",
      [{ type: "search" as const, query: "summer sale" }],
      [{ type: "search" as const, query: "wholesale" }],
    ],
    [
      "filter_heavy",
      [1, 2].map(() => ({ type: "filter" as const, facet: "colour" })),
      [{ type: "filter" as const, facet: "colour" }],
    ],
    [
      "straight_to_cart",
      [view(1), { type: "add_to_cart" as const, product_id: "thing-1" }],
      [view(1), view(2), view(4), { type: "add_to_cart" as const, product_id: "thing-1" }],
    ],
  ])("sees %s, and not in its near miss", (name, telling, near) => {
    expect(patterns(...telling)).toContain(name);
    expect(patterns(...near)).not.toContain(name);
  });

  it("sees who comes back on a third day", () => {
    const days = (...at: number[]) => at.map((day) => ({ at: day * 86_400_000, event: view(1), touched: [] }));
    expect(signalsOf(days(0, 1, 2)).browsing_patterns).toContain("returning");
    expect(signalsOf(days(0, 1, 1.5)).browsing_patterns).not.toContain("returning");
  });

  it("takes no notice of products that are not in the catalogue", () => {
    expect(signalsOf(facts({ type: "product_view", product_id: "gone" })).category_preferences).toEqual([]);
    expect(INDEX.touch(PRODUCTS[23]?.id ?? "")).toMatchObject({ rank: 1, reduced: false });
    expect(INDEX.touch("thing-0")).toMatchObject({ rank: 0, reduced: true });
  });
});
