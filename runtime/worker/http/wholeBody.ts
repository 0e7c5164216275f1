import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { WandError } from "../../contract/errors";
import type { AppEnv } from "./context";

/**
 * Reads the body before the route does, which then has it at once. Throws BODY_TOO_LARGE for a larger one than the route has use
 * for, and BAD_REQUEST for one that breaks off: a reader who walks away is no fault of ours.
 */
export function wholeBody(maxSize: number): MiddlewareHandler<AppEnv> {
  const limit = bodyLimit({
    maxSize,
    onError: (c) => {
      throw new WandError("BODY_TOO_LARGE", `${c.req.path} takes up to ${maxSize / 1024} KB.`);
    },
  });
  return async (c, next) => {
    try {
      await limit(c, async () => void (c.req.raw.body !== null && (await c.req.arrayBuffer())));
    } catch (cause) {
      if (cause instanceof WandError) throw cause;
      throw new WandError("BAD_REQUEST", "The body broke off.", { cause, field: "body" });
    }
    await next();
  };
}
