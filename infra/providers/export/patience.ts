import { CloudflareError } from "../../cloudflare";
import type { Context } from "../context";

/** An account that has made 1,200 requests in five minutes is refused for up to five more: these waits add up to them. */
const TRIES_WHEN_LIMITED = 11;
const TRIES_WHEN_BROKEN = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Does what may be done again, a read or the removal of something, where an export of many thousand requests needs more than
 * the few tries that each has of itself: after 429 for about five minutes, after a body that broke off a few times.
 */
export async function patiently<T>({ sleep }: Pick<Context, "sleep">, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (error) {
      if (tried >= triesFor(error)) throw error;
    }
    await sleep(Math.min(FIRST_WAIT_MS * 2 ** (tried - 1), LONGEST_WAIT_MS));
  }
}

function triesFor(error: unknown): number {
  if (error instanceof CloudflareError && error.status === 429) return TRIES_WHEN_LIMITED;
  return isBrokenBody(error) ? TRIES_WHEN_BROKEN : 1;
}

/** What `fetch` throws while a body is read that ends in its middle, or not in time. */
const isBrokenBody = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
