import type { ReleaseRecord } from "./record";

/** A D1 migration: a file's name and what is in it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

const SAFE = /^--\s*rollback:\s*safe\s*$/;

/**
 * Whether a migration says of itself that code from before it runs on its schema: a line `-- rollback: safe` in the comment at
 * its head. Anything else, and nothing at all, means no.
 */
export function isRollbackSafe(sql: string): boolean {
  for (const line of sql.split("\n").map((each) => each.trim())) {
    if (SAFE.test(line)) return true;
    if (line !== "" && !line.startsWith("--")) return false;
  }
  return false;
}

/** The number that a migration's name begins with; what has none comes first. */
export const levelNumber = (name: string): number => Number.parseInt(name, 10) || 0;

/** The migrations after `from`, up to and with `to`, in the order they were applied. */
export function migrationsBetween(migrations: readonly Migration[], from: string, to: string): Migration[] {
  const [low, high] = [levelNumber(from), levelNumber(to)];
  return migrations.filter(({ name }) => levelNumber(name) > low && levelNumber(name) <= high);
}

/**
 * The Time Travel bookmark from just before the first migration after `target`: that of the oldest later release with another
 * schema.
 * @param releases newest first.
 */
export function bookmarkBefore(releases: readonly ReleaseRecord[], target: ReleaseRecord): string | undefined {
  return releases.findLast(({ at, schemaLevel }) => at > target.at && schemaLevel !== target.schemaLevel)?.bookmark;
}
