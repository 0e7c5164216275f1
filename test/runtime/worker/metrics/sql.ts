import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Sql } from "../../../../runtime/worker/metrics/sql";

/** What of a Durable Object's SQLite our stores use, on Node's own. */
export function sqlOf(db: DatabaseSync): Sql {
  const exec = (query: string, ...values: SQLInputValue[]) => {
    if (values.length === 0 && query.includes(";")) {
      db.exec(query);
      return cursor([]);
    }
    return cursor(db.prepare(query).all(...values));
  };
  return { exec } as unknown as Sql;
}

function cursor(rows: unknown[]) {
  return {
    toArray: () => rows,
    one: () => {
      if (rows.length !== 1) throw new Error(`expected one row, found ${rows.length}`);
      return rows[0];
    },
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}
