import type { CallOptions } from "../bounds";

/** The calls that are under way, to end what they wait for. */
export class Running {
  #cancelled = new AbortController();

  /** The deployment is over: nothing waits any longer. What comes after it is a new one. */
  cancel(): void {
    const ended = this.#cancelled;
    this.#cancelled = new AbortController();
    ended.abort(new Error("The deployment was cancelled."));
  }

  /**
   * Runs one call.
   * @param seconds what `customTimeouts` allows it; 0 for no limit.
   */
  async within<Result>(seconds: number, work: (call: CallOptions) => Promise<Result>): Promise<Result> {
    const limited = new AbortController();
    const limit = new Error(`It took longer than the ${seconds} s that customTimeouts allows.`);
    const timer = seconds > 0 ? setTimeout(() => limited.abort(limit), seconds * 1000) : undefined;
    try {
      return await work({ signal: AbortSignal.any([this.#cancelled.signal, limited.signal]) });
    } finally {
      clearTimeout(timer);
    }
  }
}
