import { bodyParser } from "@koa/bodyparser";
import type { Middleware } from "koa";
import { WandError } from "../../contract/errors";

/** 200 products with their descriptions cut to what a page shows are below 300 KB. */
const BODY_LIMIT = "1mb";

/** Puts the parsed JSON object in `ctx.request.body`. Refuses other media types, bad JSON and more than 1 MiB. */
export function jsonBody(): Middleware {
  const parse = bodyParser({
    enableTypes: ["json"],
    jsonLimit: BODY_LIMIT,
    onError: (error) => {
      if ("status" in error && error.status === 413) {
        throw new WandError("BODY_TOO_LARGE", "The body is larger than 1 MiB. Send fewer products, or less of each.");
      }
      // The parser's own message quotes the body, so it goes nowhere.
      throw new WandError("BAD_REQUEST", "The body is not a JSON object.", { field: "body" });
    },
  });
  return async (ctx, next) => {
    if (!ctx.is("application/json")) {
      throw new WandError("BAD_REQUEST", "Send a JSON body with Content-Type: application/json.", {
        field: "Content-Type",
      });
    }
    await parse(ctx, next);
  };
}
