import type { Context } from "../resource";

/** A D1 database of an account. */
export interface Database {
  readonly accountId: string;
  readonly databaseId: string;
}

/** wrangler's own table, word for word, so that either tool can go on where the other stopped. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`;
const SELECT_TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'";
/** Only names: what the other columns look like is the business of whoever wrote the row. */
const SELECT_NAMES = "SELECT name FROM d1_migrations ORDER BY id";
/** A migration may rewrite a large table. */
const APPLY_DEADLINE_MS = 120_000;

const pathOf = ({ accountId, databaseId }: Database): string => `/accounts/${accountId}/d1/database/${databaseId}`;

/** Sent again when the answer is lost: for what does no harm the second time. */
const REPEATABLE = { idempotent: true };

/** Names of the applied migrations, in the order they were applied. Makes the table where there is none. */
export async function prepareNames({ api }: Context, database: Database): Promise<string[]> {
  await query(api, database, CREATE_TABLE, REPEATABLE);
  return namesIn(api, database);
}

/** The same without changing anything; undefined for a database that has no such table. */
export async function readNames({ api }: Context, database: Database): Promise<string[] | undefined> {
  const [table] = await query(api, database, SELECT_TABLE, REPEATABLE);
  return table === undefined ? undefined : namesIn(api, database);
}

/**
 * Runs a file together with the row that says so: D1 carries out both or neither.
 * @throws CloudflareError
 */
export async function applyFile({ api }: Context, database: Database, name: string, sql: string): Promise<void> {
  await query(api, database, `${sql.trimEnd()}\nINSERT INTO d1_migrations (name) VALUES ('${name}');`, {
    deadlineMs: APPLY_DEADLINE_MS,
  });
}

/** Time Travel's name for the database as it is now. */
export async function takeBookmark({ api }: Context, database: Database): Promise<string> {
  const { bookmark } = await api<{ bookmark: string }>("GET", `${pathOf(database)}/time_travel/bookmark`);
  return bookmark;
}

async function namesIn(api: Context["api"], database: Database): Promise<string[]> {
  const rows = await query<{ name: string }>(api, database, SELECT_NAMES, REPEATABLE);
  return rows.map(({ name }) => name);
}

async function query<Row>(
  api: Context["api"],
  database: Database,
  sql: string,
  options: { deadlineMs?: number; idempotent?: boolean },
): Promise<Row[]> {
  const results = await api<{ results: Row[] }[]>("POST", `${pathOf(database)}/query`, { sql }, options);
  return results.flatMap(({ results: rows }) => rows);
}
