import type { IncomingMessage } from "node:http";
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
    if (incoming.readableFlowing === null) await ended(incoming, limitMs);
    // Somebody asked for the stream, and left it. One that is being read, or was, is its reader's affair.
    else if (!raw.bodyUsed && raw.body?.locked === false) await thrownAway(raw.body, limitMs);
  };

function ended(incoming: IncomingMessage, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, limitMs);
    const done = (): void => {
      clearTimeout(late);
      resolve();
    };
    incoming.once("end", done).once("close", done).once("error", done).resume();
  });
}

async function thrownAway(body: ReadableStream, limitMs: number): Promise<void> {
  const signal = AbortSignal.timeout(limitMs);
  await body.pipeTo(new WritableStream(), { signal }).catch(() => undefined); // the client is gone, or too slow
}
