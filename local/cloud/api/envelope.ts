/** Cloudflare's envelope around every answer, and its two ways of paging. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ApiError } from "../refusals";

type Info = Record<string, unknown>;

/** A success. `info` becomes `result_info`. */
export function ok(
  c: Context,
  result: unknown,
  options: { status?: ContentfulStatusCode; info?: Info } = {},
): Response {
  const body = {
    result,
    success: true,
    errors: [],
    messages: [],
    ...(options.info ? { result_info: options.info } : {}),
  };
  return c.json(body, options.status ?? 200);
}

export function failed(c: Context, error: ApiError): Response {
  const { code, message, chain } = error;
  const one = { code, message, ...(chain.length > 0 ? { error_chain: chain } : {}) };
  const body = { result: null, success: false, errors: [one], messages: [] };
  // Cloudflare's SDKs would ask for minutes again for what will never be there.
  if (error.status === 501) c.header("x-should-retry", "false");
  return c.json(body, error.status);
}

/** One page of a list by `page` (from 1) and `per_page`. @param wrap for the lists that Cloudflare answers inside of an object */
export function okPage<T>(
  c: Context,
  all: readonly T[],
  sizes: { default: number; max: number },
  show: (item: T) => unknown,
  wrap: (items: unknown[]) => unknown = (items) => items,
): Response {
  const perPage = wholeNumber(c.req.query("per_page"), sizes.default, sizes.max);
  const page = wholeNumber(c.req.query("page"), 1, Number.MAX_SAFE_INTEGER);
  const items = all.slice((page - 1) * perPage, page * perPage);
  return ok(c, wrap(items.map(show)), {
    info: {
      page,
      per_page: perPage,
      count: items.length,
      total_count: all.length,
      total_pages: Math.ceil(all.length / perPage),
    },
  });
}

/** A query parameter between 1 and `max`; what is no number is the default, as on Cloudflare. */
export function wholeNumber(text: string | undefined, fallback: number, max: number): number {
  const value = Number(text);
  if (text === undefined || !Number.isInteger(value) || value < 1) return fallback;
  return Math.min(value, max);
}
