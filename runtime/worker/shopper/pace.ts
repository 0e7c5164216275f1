import { isRecent } from "../recent";

/** Lets one piece of work run at a time, and the next no sooner than a pause after its end. */
export class Pace {
  readonly #pauseMs: number;
  readonly #now: () => number;
  #endedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  constructor(pauseMs: number, now: () => number = Date.now) {
    this.#pauseMs = pauseMs;
    this.#now = now;
  }

  /** When work may start, in milliseconds since 1970; undefined for now. A guess while something runs. */
  notBefore(): number | undefined {
    const now = this.#now();
    if (this.#running !== undefined) return now + this.#pauseMs;
    return isRecent(this.#endedAt, this.#pauseMs, now) ? this.#endedAt + this.#pauseMs : undefined;
  }

  /** Runs work that `notBefore` let through; its errors are the caller's, and a failed piece counts as one. */
  async run(work: () => Promise<void>): Promise<void> {
    const running = work().finally(() => {
      this.#endedAt = this.#now();
      this.#running = undefined;
    });
    this.#running = running;
    await running;
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }
}
