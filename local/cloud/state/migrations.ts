/**
 * The version of the state, and how a former one becomes the next. The number is kept in the file itself (`user_version`).
 *
 * A field that is new and may be absent needs no new version: former programs leave it alone, and this one says at the field what its
 * absence means. What a former program would misread, or this one could not read, does.
 */
import { renameSync, rmSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Makes a state of one version one of the next, in the same transaction as those before and after it. */
export type Migration = (db: DatabaseSync) => void;

/** The first makes version 2 of version 1, and so on. */
export const MIGRATIONS: readonly Migration[] = [];

/** 0 in a file without a state. */
export function versionOf(db: DatabaseSync): number {
  return (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

/** Where the state of a version stays when another is made of it. */
export const backupPath = (path: string, version: number): string => `${path}.version-${version}`;

/** Brings a state up to date, with a copy of what was before beside it; all or nothing. */
export function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  const found = versionOf(db);
  const pending = migrations.slice(found - 1);
  if (pending.length === 0) return;
  keepCopy(db, backupPath(path, found));
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const step of pending) step(db);
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

/** Whole or absent; in the place of an older one, after which a former program may have written more. */
function keepCopy(db: DatabaseSync, backup: string): void {
  const unfinished = `${backup}.unfinished`;
  rmSync(unfinished, { force: true });
  db.prepare("VACUUM INTO ?").run(unfinished);
  renameSync(unfinished, backup);
}
