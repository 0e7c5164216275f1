import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(__dirname, "../../../../../shared/data/xss/payloads.txt");

/** The shared list of strings that run a script where a page lets them; empty where it is not on this machine. */
export const PAYLOADS: readonly string[] = existsSync(FILE)
  ? readFileSync(FILE, "utf8").split("\n").filter(Boolean)
  : [];

/** What a test says of itself: with how many lines, or why without. */
export const WITH_PAYLOADS =
  PAYLOADS.length > 0 ? `${PAYLOADS.length} lines` : "skipped: no shared/data/xss/payloads.txt here";

/** `describe`, or its skipped form where the list is not here. */
export const describeAttacks = PAYLOADS.length > 0 ? describe : describe.skip;

/** The list in parts of at most `size` lines. */
export function batches(size: number): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < PAYLOADS.length; at += size) parts.push(PAYLOADS.slice(at, at + size));
  return parts;
}
