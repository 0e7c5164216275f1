import * as z from "zod";
import { quote } from "./errors";

/** An answer that trying again may change; `pauseMs` is what the shop asks to wait, where it says so. */
export class PassingFault extends Error {
  override readonly name = "PassingFault";
  constructor(
    message: string,
    readonly pauseMs = 0,
  ) {
    super(message);
  }
}

/** A query that asks for more at once than the shop allows without a token. */
export class TooComplex extends Error {
  override readonly name = "TooComplex";
  /** @param share which part of the query's cost is allowed, above 0 and below 1 */
  constructor(
    message: string,
    readonly share: number,
  ) {
    super(message);
  }
}

/** Fields that the token, or the lack of one, does not open. */
export class FieldsDenied extends Error {
  override readonly name = "FieldsDenied";
  constructor(
    message: string,
    readonly fields: ReadonlySet<string>,
  ) {
    super(message);
  }
}

/** What no other try will change. */
export class LastingFault extends Error {
  override readonly name = "LastingFault";
}

const GraphqlErrors = z
  .array(
    z.object({
      message: z.string().catch("no message"),
      path: z
        .array(z.union([z.string(), z.number()]))
        .optional()
        .catch(undefined),
      extensions: z
        .object({
          code: z.string().optional().catch(undefined),
          cost: z.number().positive().optional().catch(undefined),
          maxCost: z.number().positive().optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
    }),
  )
  .min(1);

const Cost = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
});

/** What to do about the `errors` of an answer with status 200. Source: "Status and error codes" of the API's reference. */
export function graphqlFault(errors: unknown, extensions: unknown): Error {
  const parsed = GraphqlErrors.safeParse(errors);
  if (!parsed.success) return new LastingFault(`found errors of an unknown form: ${quote(errors)}`);
  const coded = (code: string) => parsed.data.filter((error) => error.extensions?.code === code);
  const text = [...new Set(parsed.data.map(({ message }) => message))].slice(0, 3).map(quote).join(", ");

  const [complex] = coded("MAX_COMPLEXITY_EXCEEDED");
  if (complex !== undefined) {
    const { cost = 2, maxCost = 1 } = complex.extensions ?? {};
    return new TooComplex(`found ${text}`, Math.min(maxCost / cost, 0.9));
  }
  if (coded("THROTTLED").length > 0)
    return new PassingFault("the shop asks for fewer requests", restoredIn(extensions));
  if (coded("INTERNAL_SERVER_ERROR").length > 0) return new PassingFault(`Shopify failed in itself: ${text}`);
  if (coded("SHOP_INACTIVE").length > 0)
    return new LastingFault("the shop is not active; its owner has to see to that");
  const denied = coded("ACCESS_DENIED");
  if (denied.length > 0) {
    const fields = denied.flatMap(({ path }) => path?.at(-1) ?? []).filter((field) => typeof field === "string");
    return new FieldsDenied(
      `found ${text}; the token needs the scope unauthenticated_read_product_listings`,
      new Set(fields),
    );
  }
  return new LastingFault(`the query was refused: ${text}; is \`apiVersion\` one that Shopify still answers?`);
}

/** When the bucket will hold what the query costs, milliseconds. */
function restoredIn(extensions: unknown): number {
  const cost = z.object({ cost: Cost }).safeParse(extensions);
  if (!cost.success) return 0;
  const { requestedQueryCost, throttleStatus } = cost.data.cost;
  return (Math.max(0, requestedQueryCost - throttleStatus.currentlyAvailable) / throttleStatus.restoreRate) * 1000;
}

const STATUSES: Readonly<Record<number, string>> = {
  400: "the query was refused; is `apiVersion` one that Shopify still answers?",
  401: "the access token was refused; set the shop's own in shopifyStorefrontTokens, or none",
  402: "the shop is frozen until its owner has paid Shopify",
  403: "the shop is closed to this request; is it open, and the token its own?",
  404: "there is no Storefront API; `domain` is the shop's domain at Shopify such as tea-house.myshopify.com",
  423: "the shop is locked; its owner has to see to that",
};
/** Too many requests, the two ways that Shopify says it (430 is its own: a request that looks like an attack). */
const SLOWER = new Set([429, 430]);

/** What to do about an answer whose status is not 200. */
export function statusFault(status: number, headers: Headers, now: number): Error {
  const pause = retryAfter(headers.get("Retry-After"), now);
  if (SLOWER.has(status)) return new PassingFault(`found HTTP ${status}: the shop asks for fewer requests`, pause);
  if (status >= 500) return new PassingFault(`found HTTP ${status}: Shopify failed in itself`, pause);
  if (status >= 300 && status < 400) {
    const to = headers.get("Location") ?? "nowhere";
    return new LastingFault(`found HTTP ${status}, which leads to ${quote(to)}; write the domain that answers itself`);
  }
  return new LastingFault(`found HTTP ${status}: ${STATUSES[status] ?? "a Storefront API answers 200"}`);
}

/** Seconds, or a date; 0 for what is neither. */
function retryAfter(value: string | null, now: number): number {
  if (value === null) return 0;
  const ms = /^\d{1,6}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
