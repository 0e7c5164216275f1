/** A member's line at one moment. */
export interface Line {
  /** Jobs that wait or run. */
  depth: number;
  /** For each job that runs, the milliseconds since it began. */
  runningMs: readonly number[];
  /** Milliseconds that a job takes, as measured. */
  meanRunMs: number;
}

export interface LineLimits {
  /** Jobs that run side by side. */
  concurrency: number;
  maxDepth: number;
  /** The longest wait that is worth it, milliseconds. */
  longestWaitMs: number;
}

/** Milliseconds that a job put in line now is expected to wait for its start. */
export function expectedWaitMs({ depth, meanRunMs }: Line, { concurrency }: LineLimits): number {
  return (Math.max(0, depth - concurrency + 1) * meanRunMs) / concurrency;
}

/**
 * Undefined when the line takes one more job, else the milliseconds until it is expected to: until a place is free, or until
 * the wait is short enough again, whichever is later.
 */
export function refusedForMs(line: Line, limits: LineLimits): number | undefined {
  const { depth, meanRunMs } = line;
  const tooLongMs = expectedWaitMs(line, limits) - limits.longestWaitMs;
  const tooMany = depth - limits.maxDepth + 1;
  if (tooLongMs <= 0 && tooMany <= 0) return undefined;
  const untilPlace = tooMany <= 0 ? 0 : nextEndMs(line) + ((tooMany - 1) * meanRunMs) / limits.concurrency;
  return Math.max(tooLongMs, untilPlace);
}

/** Milliseconds until the next of the running jobs is expected to end; one that overran its time may end at any moment. */
function nextEndMs({ runningMs, meanRunMs }: Line): number {
  const left = runningMs.map((ms) => Math.max(0, meanRunMs - ms));
  return left.length === 0 ? meanRunMs : Math.min(...left);
}

/** As the header has it: whole seconds, at least one. */
export const retryAfterSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
