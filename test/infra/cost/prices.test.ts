import path from "node:path";
import { priceWarnings } from "../../../bin/cost/prices";
import { MODEL_PRICES, oldLists, PRICE_LISTS, PRICES_AS_OF } from "../../../infra/cost/prices";
import { TOKENS } from "../../../infra/cost/tokens";
import { MODEL_PRICES as GENERATOR_PRICES } from "../../../runtime/container/llm/prices";
import { buildHtmlPrompt } from "../../../runtime/container/prompt/htmlPrompt";
import { buildPrompt } from "../../../runtime/container/prompt/prompt";
import { loadStore } from "../../../runtime/lib/catalogue/loadStore";
import { templateLayout } from "../../../runtime/page";

const DAY_MS = 86_400_000;

test("every list says when and where it was read", () => {
  for (const { name, asOf, source } of PRICE_LISTS) {
    expect([name, /^\d{4}-\d\d-\d\d$/.test(asOf), URL.canParse(source)]).toEqual([name, true, true]);
    expect(PRICES_AS_OF <= asOf).toBe(true);
  }
});

test("a list is old after 180 days, and no day before", () => {
  const [list] = PRICE_LISTS;
  const lists = [{ ...list!, asOf: "2026-01-01" }];
  const read = Date.parse("2026-01-01");
  expect(oldLists(read + 180 * DAY_MS, lists)).toEqual([]);
  expect(oldLists(read + 181 * DAY_MS, lists)).toEqual([{ list: lists[0], days: 181 }]);
  expect(oldLists(read - DAY_MS, lists)).toEqual([]);
  expect(priceWarnings(read + 200 * DAY_MS, lists)).toEqual([
    `the prices of ${list!.name} are of 2026-01-01, 200 days ago: compare infra/cost/prices.ts with ${list!.source}`,
  ]);
});

test("models cost the same here as where the generator counts what it spends", () => {
  const generator = Object.entries(GENERATOR_PRICES.usd_per_million_tokens).map(([model, { prompt, completion }]) => [
    model,
    { inUsd: prompt, outUsd: completion },
  ]);
  expect(Object.fromEntries(generator)).toEqual(MODEL_PRICES);
});

describe("the tokens of a page", () => {
  const { record: shop } = loadStore(path.resolve(__dirname, "../../../stores/magic-wands"));
  const { products } = shop.catalogue;
  const signals = {
    avg_order_value: 60,
    category_preferences: [],
    price_sensitivity: "medium" as const,
    browsing_patterns: ["quick_views" as const],
  };
  const persona = { type: "explorer" as const, confidence: 0.8, signals };
  /** English, ids and JSON have three to four letters a token. */
  const expectToFit = (text: string, tokens: number): void => {
    expect(text.length / tokens).toBeGreaterThan(2.5);
    expect(text.length / tokens).toBeLessThan(4.5);
  };

  test.each([
    ["layout", buildPrompt],
    ["html", buildHtmlPrompt],
  ] as const)("in the request for %s fit today's prompt", (format, build) => {
    const { system, user } = build({ persona, shop, products });
    expectToFit(system + user, TOKENS[format].in);
  });

  test("in a layout fit one that the template makes", () => {
    const layout = templateLayout({ persona, products, brand: shop.brand, shopName: shop.name });
    expectToFit(JSON.stringify(layout), TOKENS.layout.out);
  });
});
