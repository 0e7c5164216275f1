import { z } from "zod";
import { orNothing } from "../../cloudflare";
import { defineResource } from "../resource";
import { holdsUnread, NOT_READ_BACK } from "../unread";
import { isUnknown } from "../wire";
import { readNames } from "./d1Database";
import { applyMigrations } from "./d1Apply";
import { byMigrationNumber } from "./migrationOrder";

export { byMigrationNumber } from "./migrationOrder";

const Migration = z
  .object({
    name: z
      .string()
      .regex(/^\d+_[\w.-]+\.sql$/, "expected a name such as 0001_initial.sql")
      .describe("The file's name, such as `0001_initial.sql`."),
    sql: z.string().min(1).describe("What the file says."),
    checksum: z
      .string()
      .refine((text) => /^[0-9a-f]{64}$/.test(text) || text === NOT_READ_BACK, "expected 64 hex digits")
      .describe("SHA-256 of the file, hex."),
  })
  .describe("A SQL file.");
const Inputs = z.object({
  accountId: z.string().min(1).describe("The account that the database is in."),
  databaseId: z.string().min(1).describe("The database."),
  migrations: z.array(Migration).min(1).describe("All files, in the order they are applied: by number, then by name."),
});
const Outputs = z.object({
  level: z.string().describe("Name of the last migration that the database has."),
  bookmark: z
    .string()
    .optional()
    .describe("Time Travel bookmark from just before the last apply: where to restore to."),
});
export type D1MigrationsInputs = z.infer<typeof Inputs>;
export type D1MigrationsOutputs = z.infer<typeof Outputs>;
type Migration = z.infer<typeof Migration>;

/** The schema of a D1 database, moved forward by SQL files. Deleting it changes nothing: the tables are the database's. */
export const d1Migrations = defineResource<D1MigrationsInputs, D1MigrationsOutputs>({
  description: "The migrations of a D1 database, applied in order and never edited once applied.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: ["accountId", "databaseId"],
  same: {
    migrations: (old, wanted) =>
      old.length === wanted.length && wanted.every((migration, index) => isSame(old[index], migration)),
  },
  importId: "{accountId}/{databaseId}",

  check(olds, { databaseId, migrations }) {
    const files = namedFiles(migrations);
    const failures = files.flatMap(({ name }, index) => {
      const before = files[index - 1]?.name;
      const isNext = before === undefined || byMigrationNumber(before, name) < 0;
      const reason = `${name} comes after ${before}; number each file higher than the last`;
      return isNext ? [] : [{ property: `migrations[${index}]`, reason }];
    });
    if (olds.databaseId !== databaseId || files.length < migrations.length) return failures;
    for (const applied of olds.migrations ?? []) {
      const now = files.find(({ name }) => name === applied.name);
      if (!isSame(applied, now)) failures.push({ property: "migrations", reason: whyNot(applied, now) });
    }
    return failures;
  },

  async create(context, inputs) {
    return { id: inputs.databaseId, outputs: await applyMigrations(context, inputs) };
  },
  async update(context, _id, olds, news) {
    const outputs = await applyMigrations(context, news);
    return olds.bookmark === undefined ? outputs : { bookmark: olds.bookmark, ...outputs };
  },

  async read(context, _id, state) {
    const names = await liveNames(context, state);
    const level = names?.at(-1);
    if (names === undefined || level === undefined) return undefined;
    // A file that somebody else applied shows as one more, so that a refresh tells of it.
    const known = new Map(state.migrations.map((migration) => [migration.name, migration]));
    return { ...state, migrations: names.map((name) => known.get(name) ?? unread(name)), level };
  },
  async import(context, id) {
    const [accountId = "", databaseId = ""] = id.split("/");
    const names = await liveNames(context, { accountId, databaseId });
    const level = names?.at(-1);
    if (names === undefined || level === undefined) return undefined;
    return { id: databaseId, state: { accountId, databaseId, migrations: names.map(unread), level } };
  },
});

/** What the database has, in the files' order; undefined where it has none or is gone. */
const liveNames = async (...[context, database]: Parameters<typeof readNames>): Promise<string[] | undefined> =>
  (await orNothing(readNames(context, database)))?.toSorted(byMigrationNumber);

/** The files up to the first whose name a preview does not know yet. */
function namedFiles(migrations: readonly Migration[]): readonly Migration[] {
  if (!Array.isArray(migrations)) return []; // none of them is known
  const end = migrations.findIndex((migration) => isUnknown(migration) || isUnknown(migration.name));
  return end === -1 ? migrations : migrations.slice(0, end);
}

/** One that the database has and whose text nobody here has seen: D1 keeps the names alone. */
const unread = (name: string): Migration => ({ name, sql: NOT_READ_BACK, checksum: NOT_READ_BACK });

/** By checksum; where the text is another one, it may still be the same but for the ends of its lines. */
function isSame(old: Migration | undefined, wanted: Migration | undefined): boolean {
  if (old === undefined || wanted === undefined || old.name !== wanted.name) return false;
  if (holdsUnread(old) || old.checksum === wanted.checksum) return true;
  return old.sql !== wanted.sql && withLf(old.sql) === withLf(wanted.sql);
}
const withLf = (text: string): string => text.replaceAll("\r\n", "\n");

function whyNot(applied: Migration, now: Migration | undefined): string {
  const { name } = applied;
  if (now) return `${name} was edited after it had been applied; put it back as it was and add a new file`;
  if (holdsUnread(applied))
    return `${name} is applied to the database and not in this program; deploy from the code that has it, or add the file`;
  return `${name} was removed after it had been applied; put it back as it was and add a new file`;
}
