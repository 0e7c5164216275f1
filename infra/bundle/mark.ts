import { statSync } from "node:fs";

/** A file that was written so shortly before it was read, ms, may be written again without a clock noticing. */
const SETTLED_AFTER_MS = 1_000;

/**
 * What tells that a file is still the same: its size and times.
 * @param readAt when it was read, ms since 1970
 * @returns undefined where there is no file, or where it was so fresh then that it may have changed unnoticed
 */
export function markOf(file: string, readAt = Infinity): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (found === undefined || Number(found.ctimeMs) > readAt - SETTLED_AFTER_MS) return undefined;
  return `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}
