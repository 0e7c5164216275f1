/** D1: queries, and the bookmarks of Time Travel. */
import type { Context } from "hono";
import { z } from "zod";
import type { D1Data } from "../../host";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { errors, INVALID_INPUT } from "../../refusals";
import { d1Database } from "./find";
import { keepBefore } from "./snapshots";
import { changesSchema, onlyReads, splitStatements } from "./statements";

/** developers.cloudflare.com/d1/platform/limits */
const MAX_STATEMENT_BYTES = 100_000;
const MAX_PARAMS = 100;

const Param = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Query = z.object({ sql: z.string().min(1), params: z.array(Param).max(MAX_PARAMS).optional() });
const Request = z.union([z.object({ batch: z.array(Query).min(1) }), Query]);
type Query = z.infer<typeof Query>;

interface Statement {
  sql: string;
  params: unknown[];
}

export function d1QueryRoutes(services: Services): Routes {
  const { state } = services;
  const app = new Routes(
    "several statements are one transaction; `raw` with several statements merges columns of one name",
  );

  app.post("/:database/query", (c) => run(c, objects));
  app.post("/:database/raw", (c) => run(c, arrays));
  return app;

  async function run(c: Context, how: (d1: D1Data, statements: Statement[]) => Promise<unknown[]>): Promise<Response> {
    const database = d1Database(state, c.req.param("database") ?? "");
    const body = await jsonBody(c, Request, INVALID_INPUT.d1);
    const statements = ("batch" in body ? body.batch : [body]).flatMap(statementsOf);
    if (statements.length === 0) throw errors.d1Query("No SQL statements detected.");
    if (statements.some(({ sql }) => changesSchema(sql))) await keepBefore(services, database);
    return ok(c, await execute(services, database.uuid, statements, how));
  }
}

/** Runs statements of one database, and counts what they changed for its bookmark. */
export async function execute<R>(
  { state, host }: Services,
  uuid: string,
  statements: Statement[],
  how: (d1: D1Data, statements: Statement[]) => Promise<R>,
): Promise<R> {
  const d1 = await host.d1(uuid);
  const results = await how(d1, statements).catch((error: unknown) => {
    throw errors.d1Query(withoutPrefix(error));
  });
  if (statements.some(({ sql }) => !onlyReads(sql))) {
    const database = d1Database(state, uuid);
    state.d1.put(uuid, { ...database, changes: database.changes + 1 });
  }
  return results;
}

export function statementsOf({ sql, params = [] }: Query): Statement[] {
  const statements = splitStatements(sql);
  for (const statement of statements) {
    if (Buffer.byteLength(statement) > MAX_STATEMENT_BYTES) {
      throw errors.d1Query("statement too long: SQLITE_TOOBIG");
    }
  }
  if (params.length > 0 && statements.length > 1) {
    throw errors.d1Query("The request is malformed: params can be used with one statement only; use batch for several");
  }
  return statements.map((statement) => ({ sql: statement, params }));
}

const prepare = (d1: D1Data, { sql, params }: Statement) => d1.prepare(sql).bind(...params);

/** All statements in one transaction, each with its rows as objects. */
export async function objects(d1: D1Data, statements: Statement[]) {
  const results = await d1.batch<Record<string, unknown>>(statements.map((statement) => prepare(d1, statement)));
  return results.map(({ results: rows, success, meta }) => ({ results: rows, success, meta }));
}

/** As `objects`, with rows as arrays. One statement that reads is asked for arrays, so that columns of one name stay apart. */
async function arrays(d1: D1Data, statements: Statement[]) {
  const [only] = statements;
  if (statements.length === 1 && only && onlyReads(only.sql)) {
    const [columns, ...rows] = await prepare(d1, only).raw({ columnNames: true });
    const meta = { changes: 0, changed_db: false, rows_written: 0 };
    return [{ results: { columns, rows }, success: true, meta }];
  }
  const results = await objects(d1, statements);
  return results.map(({ results: rows, ...rest }) => ({
    ...rest,
    results: { columns: Object.keys(rows[0] ?? {}), rows: rows.map((row) => Object.values(row)) },
  }));
}

/** The binding puts `D1_ERROR: ` before what SQLite says; the API does not. */
function withoutPrefix(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^(D1_\w+: )+/, "");
}
