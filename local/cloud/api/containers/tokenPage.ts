import type { Context } from "hono";
import { wholeNumber } from "../envelope";

/** One page of a list; the token of the next one is where it begins. */
export function tokenPage<T>(c: Context, all: readonly T[], sizes: { default: number; max: number }) {
  const size = wholeNumber(c.req.query("per_page"), sizes.default, sizes.max);
  const start = wholeNumber(c.req.query("page_token"), 0, Number.MAX_SAFE_INTEGER);
  const end = start + size;
  return {
    items: all.slice(start, end),
    info: { per_page: size, total_count: all.length, ...(end < all.length ? { next_page_token: String(end) } : {}) },
  };
}
