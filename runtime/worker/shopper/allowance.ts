/** What a client may say: so many messages at once, and then one in so many milliseconds. */
const BURST = 20;
const ONE_IN_MS = 500;
/** Messages over it that are answered, before the connection is closed. */
const PATIENCE = 40;

export type Verdict = "taken" | "refused" | "enough";

/** Counts one connection's messages. A connection that let its object sleep has said nothing for a while and begins anew. */
export class Allowance {
  #left = BURST;
  #refused = 0;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  take(now: number): Verdict {
    this.#left = Math.min(BURST, this.#left + Math.max(0, now - this.#at) / ONE_IN_MS);
    this.#at = now;
    if (this.#left >= 1) {
      this.#left -= 1;
      this.#refused = 0;
      return "taken";
    }
    this.#refused += 1;
    return this.#refused > PATIENCE ? "enough" : "refused";
  }
}
