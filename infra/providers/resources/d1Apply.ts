import { CloudflareError } from "../../cloudflare";
import type { Context } from "../resource";
import { NOT_READ_BACK } from "../unread";
import { applyFile, type Database, prepareNames, readNames, takeBookmark } from "./d1Database";
import { byMigrationNumber } from "./migrationOrder";

interface Migrations extends Database {
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
}

/** A file whose answer was lost is looked for, and sent again where it is not there: D1 lets its row in only once. */
const TRIES = 3;
const BETWEEN_TRIES_MS = 2_000;

/**
 * Applies what the database lacks, one file a request.
 * @returns name of the last migration, and the bookmark from before the first one that was applied now.
 * @throws Error that says which file failed, at what the database is, and where to go back to.
 */
export async function applyMigrations(
  context: Context,
  inputs: Migrations,
): Promise<{ level: string; bookmark?: string }> {
  const applied = await prepareNames(context, inputs);
  const pending = pendingOf(inputs, applied);
  const level = inputs.migrations.at(-1)?.name ?? "";
  if (pending.length === 0) return { level };

  const bookmark = await takeBookmark(context, inputs);
  let reached = applied.toSorted(byMigrationNumber).at(-1);
  for (const { name, sql } of pending) {
    try {
      await applyOnce(context, inputs, name, sql);
    } catch (cause) {
      throw failureOf(cause, name, reached, bookmark);
    }
    reached = name;
  }
  return { level, bookmark };
}

/** @throws Error when the database is not the one that this program left, or has what this program lacks. */
function pendingOf({ migrations }: Migrations, applied: readonly string[]): Migrations["migrations"] {
  const ours = new Set(migrations.map(({ name }) => name));
  const strange = applied.filter((name) => !ours.has(name));
  if (strange.length > 0) {
    throw new Error(
      `The database has been migrated by newer or other code: it has ${strange.join(", ")}, which this program lacks. ` +
        "Nothing was applied. Deploy from the code that has them, or add the files.",
    );
  }
  const pending = migrations.filter(({ name }) => !applied.includes(name));
  const last = applied.toSorted(byMigrationNumber).at(-1);
  for (const { name, sql } of pending) {
    if (last !== undefined && byMigrationNumber(name, last) < 0) {
      throw new Error(
        `The migration ${name} comes before ${last}, which the database has already. Nothing was applied. Number the file ` +
          "higher than all that are applied.",
      );
    }
    if (sql === NOT_READ_BACK) {
      throw new Error(
        `The text of the migration ${name} is missing: an import cannot read it. Put the file's text there.`,
      );
    }
  }
  return pending;
}

function failureOf(cause: unknown, name: string, reached: string | undefined, bookmark: string): Error {
  const isUnknown = cause instanceof CloudflareError && cause.outcomeUnknown;
  const what = isUnknown ? "may have failed, nobody answered" : "failed and left nothing behind";
  const at = reached === undefined ? "has none of the migrations before it" : `is at ${reached}`;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `The migration ${name} ${what}: ${message}. The database ${at}. The next deployment goes on from what it has; to undo ` +
      `what this one did, restore Time Travel's bookmark ${bookmark}.`,
    { cause },
  );
}

async function applyOnce(context: Context, database: Database, name: string, sql: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await applyFile(context, database, name, sql);
      return;
    } catch (error) {
      const isUnknown = error instanceof CloudflareError && error.outcomeUnknown;
      // An earlier try whose answer was lost may be what a later one stumbles over.
      if ((isUnknown || tries > 1) && (await readNames(context, database))?.includes(name) === true) return;
      if (!isUnknown || tries === TRIES) throw error;
    }
    await context.sleep(BETWEEN_TRIES_MS);
  }
}
