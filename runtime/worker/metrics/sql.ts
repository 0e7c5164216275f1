type SqlValue = string | number | null | ArrayBuffer;

/** What of a Durable Object's SQLite figures and alerts use. */
export interface Sql {
  exec<Row extends Record<string, SqlValue>>(
    query: string,
    ...values: SqlValue[]
  ): Iterable<Row> & { toArray(): Row[]; one(): Row };
}
