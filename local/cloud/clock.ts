/** Time, as far as the embedded cloud acts on it by itself. */
export interface Clock {
  now(): Date;
  /** Calls `call` once after so many milliseconds, and does not keep the process from ending. The answer calls it off. */
  after(ms: number, call: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => new Date(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
