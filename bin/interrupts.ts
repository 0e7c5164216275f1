const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A terminal sends Ctrl-C to every process of the group, so one press may arrive twice: at once, and forwarded. */
const SAME_PRESS_MS = 300;

export interface Interrupts {
  /** Aborted at the first signal, or when the process that started this one is gone. */
  signal: AbortSignal;
  /** Gives the signals back to Node. */
  stop(): void;
}

/** Listens for the wish to stop; a second signal ends the process at once. */
export function listenForInterrupts(now: () => number = Date.now): Interrupts {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = (): void => {
    if (first !== undefined && now() - first > SAME_PRESS_MS) process.exit(130);
    first ??= now();
    controller.abort();
  };
  const onOrphaned = (): void => controller.abort();
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on("disconnect", onOrphaned);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off("disconnect", onOrphaned);
    },
  };
}

/** Waits for the wish to stop. */
export function interrupted({ signal }: Interrupts): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** Runs something that the wish to stop can end. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupts = listenForInterrupts();
  try {
    return await work(interrupts.signal);
  } finally {
    interrupts.stop();
  }
}
