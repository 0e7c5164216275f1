import { z } from "zod";
import { CloudflareError, isNotFound } from "../../cloudflare";
import { type Context, defineResource } from "../resource";

const Migration = z.object({
  /** The file's name, such as `0001_initial.sql`. */
  name: z.string().regex(/^\d+_[\w.-]+\.sql$/, "expected a name such as 0001_initial.sql"),
  sql: z.string().min(1),
  /** SHA-256 of the file, hex. */
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
});
const Inputs = z.object({
  accountId: z.string(),
  databaseId: z.string(),
  /** In the order they are applied: by number, then by name. */
  migrations: z.array(Migration).min(1),
});
const Outputs = z.object({
  /** Name of the last migration that the database has. */
  level: z.string(),
  /** Time Travel bookmark from just before the last apply: where to restore to. */
  bookmark: z.string().optional(),
});
export type D1MigrationsInputs = z.infer<typeof Inputs>;
export type D1MigrationsOutputs = z.infer<typeof Outputs>;
type Database = Pick<D1MigrationsInputs, "accountId" | "databaseId">;

/** wrangler's own table, word for word, so that either tool can go on where the other stopped. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
);`;
const SELECT_TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'd1_migrations'";
const SELECT_NAMES = "SELECT name FROM d1_migrations ORDER BY id";
/** A migration may rewrite a large table. */
const APPLY_DEADLINE_MS = 120_000;

/** The schema of a D1 database, moved forward by SQL files. Deleting it changes nothing: the tables are the database's. */
export const d1Migrations = defineResource<D1MigrationsInputs, D1MigrationsOutputs>({
  description: "The migrations of a D1 database, applied in order and never edited once applied.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "databaseId"],
  // Checksums say whether the SQL changed.
  compare: { migrations: (list) => list.map(({ name, checksum }) => [name, checksum]) },

  check(olds, { databaseId, migrations }) {
    const failures = migrations.flatMap(({ name }, index) => {
      const before = migrations[index - 1]?.name;
      return before !== undefined && byMigrationNumber(before, name) >= 0
        ? [
            {
              property: `migrations[${index}]`,
              reason: `${name} comes after ${before}; number each file higher than the last`,
            },
          ]
        : [];
    });
    if (olds.databaseId !== databaseId) return failures;
    for (const applied of olds.migrations ?? []) {
      const now = migrations.find(({ name }) => name === applied.name);
      if (now?.checksum === applied.checksum) continue;
      failures.push({
        property: "migrations",
        reason: `${applied.name} was ${now ? "edited" : "removed"} after it had been applied; put it back as it was and add a new file`,
      });
    }
    return failures;
  },

  async create(context, inputs) {
    return { id: inputs.databaseId, outputs: await apply(context, inputs) };
  },
  async update(context, _id, olds, news) {
    const outputs = await apply(context, news);
    return olds.bookmark === undefined ? outputs : { bookmark: olds.bookmark, ...outputs };
  },
  async read({ api }, _id, state) {
    try {
      // A read changes nothing: a database without the table is one without migrations.
      const [table] = await query(api, state, SELECT_TABLE);
      const applied = table ? await appliedNames(api, state) : new Set<string>();
      const migrations = state.migrations.filter(({ name }) => applied.has(name));
      const level = migrations.at(-1)?.name;
      return level === undefined ? undefined : { ...state, migrations, level };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
});

/** By number first, then by letter, as wrangler sorts. */
export function byMigrationNumber(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b, "en");
}

async function query<Row>(api: Context["api"], database: Database, sql: string): Promise<Row[]> {
  const path = `/accounts/${database.accountId}/d1/database/${database.databaseId}/query`;
  const results = await api<{ results: Row[] }[]>("POST", path, { sql }, { deadlineMs: APPLY_DEADLINE_MS });
  return results.flatMap(({ results: rows }) => rows);
}

async function appliedNames(api: Context["api"], database: Database): Promise<ReadonlySet<string>> {
  const rows = await query<{ name: string }>(api, database, SELECT_NAMES);
  return new Set(rows.map(({ name }) => name));
}

/** Applies what the database lacks, one file a request, each together with the row that says so. */
async function apply({ api }: Context, inputs: D1MigrationsInputs): Promise<D1MigrationsOutputs> {
  await query(api, inputs, CREATE_TABLE);
  const applied = await appliedNames(api, inputs);
  const pending = inputs.migrations.filter(({ name }) => !applied.has(name));
  const level = inputs.migrations.at(-1)?.name ?? "";
  if (pending.length === 0) return { level };

  const { bookmark } = await api<{ bookmark: string }>(
    "GET",
    `/accounts/${inputs.accountId}/d1/database/${inputs.databaseId}/time_travel/bookmark`,
  );
  for (const { name, sql } of pending) {
    try {
      await query(api, inputs, `${sql.trimEnd()}\nINSERT INTO d1_migrations (name) VALUES ('${name}');`);
    } catch (error) {
      // A lost answer is no failure when the row is there.
      if (error instanceof CloudflareError && error.outcomeUnknown && (await appliedNames(api, inputs)).has(name))
        continue;
      throw new Error(
        `The migration ${name} failed, so the database stays at what was before it (bookmark ${bookmark}): ${String(error)}`,
        { cause: error },
      );
    }
  }
  return { level, bookmark };
}
