import { oldLists, type PriceList } from "../../infra/cost/prices";

/** Warnings of price lists that were read long ago. @param now milliseconds since 1970 */
export const priceWarnings = (now: number, lists?: readonly PriceList[]): string[] =>
  oldLists(now, lists).map(
    ({ list: { name, asOf, source }, days }) =>
      `the prices of ${name} are of ${asOf}, ${days} days ago: compare infra/cost/prices.ts with ${source}`,
  );
