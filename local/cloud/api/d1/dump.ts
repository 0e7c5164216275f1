/**
 * A D1 database as SQL text that makes it again: tables, rows, then indexes, triggers and views, in the order of Cloudflare's own
 * export. Every value is written by SQLite's `quote()`, so that none is changed on the way through JavaScript.
 */
import type { D1Data } from "../../host";

export interface DumpOptions {
  noData?: boolean | undefined;
  noSchema?: boolean | undefined;
  /** Only these; all where there is none. */
  tables?: readonly string[] | undefined;
}

/** The database holds what no export can hold. */
export class NotExportable extends Error {}

interface SchemaRow {
  type: "table" | "index" | "trigger" | "view";
  name: string;
  tbl_name: string;
  sql: string | null;
}

const SCHEMA = `SELECT type, name, tbl_name, sql FROM sqlite_schema
  WHERE name NOT GLOB '_cf_*' AND tbl_name NOT GLOB '_cf_*' AND (name NOT GLOB 'sqlite_*' OR name = 'sqlite_sequence')
  ORDER BY rowid`;
/** The counters of AUTOINCREMENT. SQLite makes the table itself. */
const SEQUENCE = "sqlite_sequence";
const LATER = ["index", "trigger", "view"] as const;
/** How often the tables may change under an export before it gives up. */
const TRIES = 5;

/** @throws {NotExportable} */
export async function dump(d1: D1Data, { noData, noSchema, tables = [] }: DumpOptions): Promise<string> {
  const { schema, rows } = await read(d1, (name) => !noData && (tables.length === 0 || tables.includes(name)));
  const wanted = schema.filter(({ tbl_name }) => tables.length === 0 || tables.includes(tbl_name));
  const lines = ["PRAGMA defer_foreign_keys=TRUE;"];
  for (const { type, name, sql } of wanted) {
    if (type !== "table") continue;
    if (name !== SEQUENCE && !noSchema) lines.push(`${sql};`);
    if (name !== SEQUENCE) lines.push(...(rows.get(name) ?? []));
  }
  const counters = rows.get(SEQUENCE);
  if (counters) lines.push(`DELETE FROM ${SEQUENCE};`, ...counters);
  if (!noSchema) {
    for (const kind of LATER) {
      for (const { type, sql } of wanted) if (type === kind && sql !== null) lines.push(`${sql};`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The schema and the rows of one moment: all rows are read in one transaction, with the schema once more. */
async function read(d1: D1Data, wanted: (table: string) => boolean) {
  for (let tries = 1; ; tries++) {
    const { results: schema } = await d1.prepare(SCHEMA).all<SchemaRow>();
    const virtual = schema.find(({ sql }) => /^CREATE\s+VIRTUAL\s+TABLE/i.test(sql ?? ""));
    if (virtual) throw new NotExportable("D1 Export error: cannot export databases with Virtual Tables (fts5)");
    const names = schema.flatMap(({ type, name }) => (type === "table" && wanted(name) ? [name] : []));
    const columns = await Promise.all(names.map((name) => columnsOf(d1, name)));
    const selects = names.map((name, at) => d1.prepare(selectLiterals(name, columns[at] ?? [])));
    const [again, ...tables] = await d1.batch<Record<string, string>>([d1.prepare(SCHEMA), ...selects]);
    if (JSON.stringify(again?.results) === JSON.stringify(schema)) {
      const inserts = tables.map(({ results }, at) => {
        const into = `INSERT INTO ${quoted(names[at] ?? "")} (${(columns[at] ?? []).map(quoted).join(",")}) VALUES`;
        return [names[at] ?? "", results.map((row) => `${into}(${Object.values(row).join(",")});`)] as const;
      });
      return { schema, rows: new Map(inserts) };
    }
    if (tries === TRIES) throw new NotExportable("D1 Export error: the tables keep changing; try again later");
  }
}

/** Without the generated ones, which take no value. */
async function columnsOf(d1: D1Data, table: string): Promise<string[]> {
  const { results } = await d1.prepare(`PRAGMA table_info(${quoted(table)})`).all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** Each value as an SQL literal. `quote()` ends a text at a zero character, so such a one goes as its bytes. */
function selectLiterals(table: string, columns: readonly string[]): string {
  const literals = columns.map((name, at) => {
    const column = quoted(name);
    const bytes = `'CAST(X''' || hex(${column}) || ''' AS TEXT)'`;
    const holdsZero = `typeof(${column}) = 'text' AND instr(CAST(${column} AS BLOB), X'00') > 0`;
    return `CASE WHEN ${holdsZero} THEN ${bytes} ELSE quote(${column}) END AS c${at}`;
  });
  return `SELECT ${literals.join(", ")} FROM ${quoted(table)}`;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
