const FIRST_MS = 1_000;
const LONGEST_MS = 10_000;

/** Milliseconds before the next attempt after attempt number `attempt` (1…): full jitter, so that retries spread out. */
export function retryDelay(attempt: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)));
}
