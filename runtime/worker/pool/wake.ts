/** Lets whoever waits go on when something has happened. */
export class Wake {
  #waiting = new Set<() => void>();

  /** Everybody who waits goes on. */
  ring(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const go of waiting) go();
  }

  /** Resolves at the next ring, or after `ms`, which may be endless. */
  async next(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const waiting = this.#waiting;
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
      if (Number.isFinite(ms)) timer = setTimeout(() => (waiting.delete(resolve), resolve()), Math.max(0, ms));
    });
    if (timer !== undefined) clearTimeout(timer);
  }
}
