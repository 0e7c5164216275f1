export type SqlValue = string | number | null | ArrayBuffer;
export type Row = Record<string, SqlValue>;

/** What of a Durable Object's SQLite is used, so that it can be tested on another one. */
export interface Sql {
  exec<One extends Row = Row>(query: string, ...values: SqlValue[]): { toArray(): One[] };
}
