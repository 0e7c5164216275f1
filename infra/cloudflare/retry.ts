import { ConstantBackoff, ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { CloudflareError } from "./errors";

/** Tries after the first. */
const RETRIES = 4;
/** Pauses grow from the first to the second, with jitter, milliseconds. */
const PAUSE_MS = { initialDelay: 300, maxDelay: 10_000 };
/** A request and all its further tries, milliseconds: a rate limit of Cloudflare's is over by then, or in the next `up`. */
const TOTAL_MS = 120_000;

export interface Patience {
  /** Whether carrying it out twice comes to the same as once. */
  readonly idempotent: boolean;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  /** No further try once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a request until it succeeds, refuses for good or the time is over. What was certainly not carried out (429, no
 * connection) is always tried again, as late as `Retry-After` asks; what may have been (5xx, a lost answer) only where that
 * does no harm.
 * @param work gets the milliseconds that are left.
 */
export function withRetries<Result>(
  work: (leftMs: number) => Promise<Result>,
  { idempotent, sleep, now, signal }: Patience,
): Promise<Result> {
  const until = now() + TOTAL_MS;
  let backoff = new ExponentialBackoff(PAUSE_MS).next();
  let pauseMs = 0;
  const again = handleWhen((error) => {
    if (!(error instanceof CloudflareError) || signal?.aborted === true) return false;
    if (!error.isUntried && !(idempotent && error.outcomeUnknown)) return false;
    pauseMs = (error.retryAfterMs ?? 0) + backoff.duration;
    backoff = backoff.next(undefined);
    return now() + pauseMs < until;
  });
  // The pause is ours, so that a test can pass a clock and a cancelled deployment ends it.
  return retry(again, { maxAttempts: RETRIES, backoff: new ConstantBackoff(0) }).execute(async ({ attempt }) => {
    if (attempt > 0) await sleep(pauseMs);
    return work(until - now());
  });
}
