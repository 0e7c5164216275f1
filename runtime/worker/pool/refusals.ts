/** More than this many refusals at once are not remembered: the oldest is forgotten. */
const MOST = 1_000;

/**
 * Variants whose job a full member refused, until the time it named. By then another member makes the page: to take the next
 * visit's job as soon as a place is free would make it twice. Times in milliseconds since 1970.
 */
export class Refusals {
  readonly #until = new Map<string, number>();

  add(variant: string, until: number): void {
    this.#until.delete(variant);
    this.#until.set(variant, until);
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= MOST) break;
      this.#until.delete(oldest);
    }
  }

  /** Milliseconds that a variant's refusal still stands, or undefined. */
  left(variant: string, now: number): number | undefined {
    const until = this.#until.get(variant);
    if (until === undefined) return undefined;
    if (until > now) return until - now;
    this.#until.delete(variant);
    return undefined;
  }
}
