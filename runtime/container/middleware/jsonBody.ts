import { bodyParser } from "@koa/bodyparser";
import type { Middleware } from "koa";
import { WandError } from "../../contract/errors";

/** 200 products with their descriptions cut to what a page shows are below 300 KB. */
const BODY_LIMIT = "1mb";
/** What a body gets to arrive in, however little is left of the deadline: most are there with their head. */
const LEAST_MS = 1_000;

/**
 * Puts the parsed JSON object in `ctx.request.body`. Refuses other media types, bad JSON, more than 1 MiB, and what does not
 * arrive before the deadline.
 */
export function jsonBody(): Middleware {
  const parse = bodyParser({
    enableTypes: ["json"],
    jsonLimit: BODY_LIMIT,
    onError: (error, ctx) => {
      ctx.req.unpipe().resume(); // what is still to come of it goes nowhere, or it would stand before the next request
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
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => {
          ctx.set("Connection", "close"); // nobody knows when the rest of it comes
          reject(new WandError("TIMEOUT", "The body did not arrive before the deadline.", { field: "body" }));
        },
        Math.max(LEAST_MS, ctx.state.deadline.modelMs()),
      );
    });
    await Promise.race([parse(ctx, nothing), late]).finally(() => clearTimeout(timer));
    await next();
  };
}

const nothing = async (): Promise<void> => {};
