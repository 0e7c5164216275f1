import type { Settings } from "../config";
import { MODEL_PRICES, modelPrice } from "./prices";

/**
 * Tokens of one page: a layout names products, a whole document writes them out. The requests are those of runtime/container/prompt with
 * twenty products; answers as Kimi K2.6 gave them.
 */
export const TOKENS = { layout: { in: 1600, out: 300 }, html: { in: 1700, out: 2800 } } as const;

type Llm = Pick<Settings["llm"], "providers" | "format">;

/** What the first provider asks for one page, US dollars; one without a known price counts as the dearest that has one. */
export function pageUsd({ providers, format }: Llm): number {
  const [first] = providers;
  if (first === undefined) return 0;
  const tokens = TOKENS[format];
  const usd = ({ inUsd, outUsd }: { inUsd: number; outUsd: number }): number =>
    (tokens.in * inUsd + tokens.out * outUsd) / 1_000_000;
  const known = modelPrice(first.model);
  return known === undefined ? Math.max(...Object.values(MODEL_PRICES).map(usd)) : usd(known);
}
