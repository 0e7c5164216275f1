/** Time spent in each tier of one request, for the `Server-Timing` header. */
export class Timing {
  readonly #spent = new Map<string, number>();
  readonly #startedAt = performance.now();

  /** Runs a piece of work under a name. On Cloudflare the clock moves only over I/O, so pure computing shows as 0. */
  async measure<Result>(name: string, work: () => Promise<Result> | Result): Promise<Result> {
    const before = performance.now();
    try {
      return await work();
    } finally {
      this.#spent.set(name, (this.#spent.get(name) ?? 0) + performance.now() - before);
    }
  }

  /** Such as `kv;dur=3.2, total;dur=5.0`, in milliseconds. */
  header(): string {
    return [...this.#spent, ["total", performance.now() - this.#startedAt] as const]
      .map(([name, ms]) => `${name};dur=${ms.toFixed(1)}`)
      .join(", ");
  }
}
