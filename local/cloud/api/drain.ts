import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";

/** Longest wait for the rest of a body that nobody wants, milliseconds. */
const LIMIT_MS = 10_000;

/**
 * Answers a request whose body nobody read only when the body has come in whole. An answer before that makes the server close
 * the connection half a second later, while the client still writes or has begun its next request on it; and what a client
 * reports then is the broken connection, not the answer.
 */
export const drainUnread =
  (limitMs = LIMIT_MS): MiddlewareHandler =>
  async (c, next) => {
    await next();
    const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
    if (incoming === undefined || incoming.readableEnded || c.req.method === "GET" || c.req.method === "HEAD") return;
    const { raw } = c.req;
    // A body that is being read, or was, is its reader's affair.
    if (raw.bodyUsed || raw.body === null || raw.body.locked) return;
    const signal = AbortSignal.timeout(limitMs);
    // Whoever is too slow, or gone, has the answer all the same: the stream is left as it is then, and with it the connection.
    await raw.body.pipeTo(new WritableStream(), { signal, preventCancel: true }).catch(() => undefined);
  };
