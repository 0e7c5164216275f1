import type { Tokens } from "./answer";

/** US dollars per million tokens, list prices without caching; check again when the date is old. */
export const MODEL_PRICES = {
  as_of: "2026-10",
  usd_per_million_tokens: {
    "kimi-k2.6": { prompt: 0.95, completion: 4 }, // platform.kimi.ai/docs/pricing
    "claude-haiku-5-5": { prompt: 0.1, completion: 0.5 }, // platform.claude.com/docs/en/models; prompts of up to 100,000 tokens
    "claude-sonnet-5-5": { prompt: 2, completion: 10 },
  } as Readonly<Record<string, { prompt: number; completion: number }>>,
} as const;

/** What these tokens cost, in US dollars; null for a model whose price nobody entered. */
export function priceOf(model: string, tokens: Tokens): number | null {
  const price = MODEL_PRICES.usd_per_million_tokens[model.slice(model.lastIndexOf("/") + 1)];
  if (price === undefined) return null;
  return (tokens.prompt * price.prompt + tokens.completion * price.completion) / 1_000_000;
}
