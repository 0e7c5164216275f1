import { DatabaseSync } from "node:sqlite";
import type { CloudflareApi } from "../../../infra/cloudflare";
import { changesBetween, type Change } from "../engine/diff";
import { NOT_READ_BACK } from "../../../infra/providers/unread";

/** What is in a database, by kind: the text that made each table, index, view and trigger. */
type Schema = Record<string, Record<string, string>>;
type Row = Readonly<Record<"type" | "name" | "sql", unknown>>;

/** SQLite's, D1's and the migrations' own parts are nobody's schema. */
const SELECT_SCHEMA =
  "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' " +
  "AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' AND name <> 'd1_migrations' ORDER BY name";

const PLURALS: Readonly<Record<string, string>> = {
  table: "tables",
  index: "indexes",
  view: "views",
  trigger: "triggers",
};

/**
 * How a D1 database differs from what its migrations make of an empty one: a table that was dropped or altered by hand is in
 * no list of migrations. Undefined where the text of a migration is not known.
 */
export async function schemaChanges(
  api: CloudflareApi,
  database: { accountId: string; databaseId: string },
  migrations: readonly { name: string; sql: string }[],
): Promise<Change[] | undefined> {
  if (migrations.some(({ sql }) => sql === NOT_READ_BACK)) return undefined;
  const expected = expectedSchema(migrations);
  const path = `/accounts/${database.accountId}/d1/database/${database.databaseId}/query`;
  const [answer] = await api<{ results: Row[] }[]>("POST", path, { sql: SELECT_SCHEMA }, { idempotent: true });
  return changesBetween(expected, schemaOf(answer?.results ?? []));
}

/** What the migrations make of an empty database. */
export function expectedSchema(migrations: readonly { sql: string }[]): Schema {
  const database = new DatabaseSync(":memory:");
  try {
    for (const { sql } of migrations) database.exec(sql);
    return schemaOf(database.prepare(SELECT_SCHEMA).all() as unknown as Row[]);
  } finally {
    database.close();
  }
}

function schemaOf(rows: readonly Row[]): Schema {
  const schema: Schema = Object.fromEntries(Object.values(PLURALS).map((kind) => [kind, {}]));
  for (const { type, name, sql } of rows) {
    const kind = PLURALS[String(type)] ?? String(type);
    (schema[kind] ??= {})[String(name)] = compact(String(sql));
  }
  return schema;
}

/** Without comments, and with single spaces: who made it wrote it in their own way. */
const compact = (sql: string): string =>
  sql
    .replace(/--[^\n]*/g, "")
    .replace(/\s+/g, " ")
    .trim();
