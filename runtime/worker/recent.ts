/**
 * Whether a moment is less than `ms` ago; all in milliseconds since 1970. One that is further off in the future is not: the clock
 * was set back since, and what waits for a pause to end would wait until it has caught up. One that is close was noted by a
 * request that began a little later.
 */
export const isRecent = (at: number, ms: number, now: number): boolean => Math.abs(now - at) < ms;
