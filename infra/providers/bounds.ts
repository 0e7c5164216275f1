import { once } from "node:events";
import type { Context } from "./context";

/** How long one call may take, and who may end it. */
export interface CallOptions {
  /** Ends all waiting: the deployment was cancelled, or its `customTimeouts` are over. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The same world, in which no pause and no question to the edge outlives the signal; they fail with its reason. A request to
 * the API that is under way is not cut, and what was begun may still be read back: the state is to be true.
 */
export function within(context: Context, { signal }: CallOptions): Context {
  if (signal === undefined) return context;
  return {
    ...context,
    api: (method, path, body, options) => context.api(method, path, body, { ...options, signal }),
    raw: (method, path, body, options) => context.raw(method, path, body, { ...options, signal }),
    edge: (url, options) => context.edge(url, { ...options, signal }),
    sleep: (ms) => unlessAborted(context.sleep(ms), signal),
  };
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const over = new AbortController();
  try {
    await Promise.race([work, abortOf(signal, over.signal)]);
  } finally {
    over.abort();
  }
}

/** Fails with the signal's reason when it is aborted, and is of no interest any more once `over` is. */
async function abortOf(signal: AbortSignal, over: AbortSignal): Promise<never> {
  await once(signal, "abort", { signal: over });
  throw signal.reason;
}
