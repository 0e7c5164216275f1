import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What the runtime keeps for itself beside an object's own rows. */
const RUNTIMES = new Set(["_cf_METADATA", "_cf_ALARM"]);

/**
 * What the Durable Objects of some namespaces hold, by their files: every row of every table of theirs. A copy is read, so that
 * no file changes by it.
 */
export const rowsOf = (stateDir: string, namespaces: readonly string[]): string[] =>
  withCopies(stateDir, namespaces, (folder, id) =>
    readdirSync(folder)
      .filter((name) => /^[0-9a-f]+\.sqlite$/.test(name))
      .toSorted()
      .flatMap((name) => [`${id}/${name}`, ...rowsIn(path.join(folder, name), (table) => !RUNTIMES.has(table))]),
  );

/** When the next alarm of these namespaces is due, milliseconds since 1970; Infinity where none is set. */
export function nextAlarm(stateDir: string, namespaces: readonly string[]): number {
  const times = withCopies(stateDir, namespaces, (folder) =>
    rowsIn(path.join(folder, "metadata.sqlite"), (table) => table === "_cf_ALARM").map((row) =>
      Number(/"scheduled_time":"(\d+)"/.exec(row)?.[1] ?? 0),
    ),
  );
  return Math.min(...times.map((nanoseconds) => nanoseconds / 1e6), Infinity);
}

function withCopies<T>(
  stateDir: string,
  namespaces: readonly string[],
  read: (folder: string, namespace: string) => T[],
): T[] {
  const copies = mkdtempSync(path.join(tmpdir(), "wand-objects-"));
  try {
    return namespaces.toSorted().flatMap((id) => {
      const folder = path.join(stateDir, "cloud/data/do", id);
      if (!existsSync(folder)) return [];
      cpSync(folder, path.join(copies, id), { recursive: true });
      return read(path.join(copies, id), id);
    });
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

function rowsIn(file: string, isMeant: (table: string) => boolean): string[] {
  const db = new DatabaseSync(file);
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return tables.flatMap(({ name }) => {
      const table = String(name);
      if (!isMeant(table)) return [];
      const select = db.prepare(`SELECT * FROM "${table}"`);
      select.setReadBigInts(true); // times are in nanoseconds
      return select.all().map((row) => `${table} ${JSON.stringify(row, textOf)}`);
    });
  } finally {
    db.close();
  }
}

function textOf(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}
