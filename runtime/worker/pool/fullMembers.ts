import { isRecent } from "../recent";

/** A refusal is believed for no longer: places become free one by one, and other isolates may ask too. */
const LONGEST_MS = 2_000;

/** Since when (milliseconds since 1970), and for how many of them, a member is taken for full without being asked; by its name. */
const full = new Map<string, { at: number; ms: number }>();

/** Notes that a member refused a job, and for how many seconds it said that it will be full. */
export function noteFull(member: string, retryAfter: number, now: number): void {
  full.set(member, { at: now, ms: Math.min(retryAfter * 1000, LONGEST_MS) });
}

/**
 * Those of the members that have not just said that they are full. Only for a page that nobody can have asked for yet: any
 * other may be in a full member's line already, which is what it would answer.
 */
export const notFull = (members: readonly string[], now: number): string[] =>
  members.filter((member) => {
    const refusal = full.get(member);
    return refusal === undefined || !isRecent(refusal.at, refusal.ms, now);
  });
