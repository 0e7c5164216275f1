/**
 * Stands in state for what an import cannot know, because Cloudflare does not give it back: the value of a secret, the text of
 * a migration that was applied elsewhere. It counts as the same as whatever the program says, until the program's own inputs
 * are in the state: that is from the second `up` after the import on.
 */
export const NOT_READ_BACK = "(not read back)";

/** Whether such a value is anywhere in there. */
export function holdsUnread(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === NOT_READ_BACK;
  return Object.values(value).some(holdsUnread);
}
