/**
 * Does work with a signal that aborts after `ms`. Its timer ends with the work: one that is left, as `AbortSignal.timeout`
 * leaves it, keeps a Durable Object awake and paid for until it has run out.
 */
export async function withTimeLimit<Result>(ms: number, work: (late: AbortSignal) => Promise<Result>): Promise<Result> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer in ${ms} ms`)), ms);
  try {
    return await work(late.signal);
  } finally {
    clearTimeout(timer);
  }
}
