export type SqlValue = string | number | null | ArrayBuffer;
export type Row = Record<string, SqlValue>;

/** What of a Durable Object's SQLite is used, so that what is built on it can be tested on another one. */
export interface Sql {
  exec<One extends Row = Row>(query: string, ...values: SqlValue[]): Iterable<One> & { toArray(): One[]; one(): One };
}
