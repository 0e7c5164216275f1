/** A refusal is believed for no longer: places become free one by one, and other isolates may ask too. */
const LONGEST_MS = 2_000;

/** Until when a member is taken for full without being asked, milliseconds since 1970; by its name. */
const fullUntil = new Map<string, number>();

/** Notes that a member refused a job, and for how many seconds it said that it will be full. */
export function noteFull(member: string, retryAfter: number, now: number): void {
  fullUntil.set(member, now + Math.min(retryAfter * 1000, LONGEST_MS));
}

/**
 * Those of the members that have not just said that they are full. Only for a page that nobody can have asked for yet: any
 * other may be in a full member's line already, which is what it would answer.
 */
export const notFull = (members: readonly string[], now: number): string[] =>
  members.filter((member) => (fullUntil.get(member) ?? 0) <= now);
