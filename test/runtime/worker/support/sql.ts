import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Sql } from "../../../../runtime/worker/sql";

/** A database of Node's that answers as a Durable Object's does. */
export function sqlOf(db: DatabaseSync): Sql {
  const exec = (query: string, ...values: SQLInputValue[]) => {
    const isScript = values.length === 0 && /;\s*\S/.test(query);
    if (isScript) db.exec(query);
    return cursorOf(isScript ? [] : db.prepare(query).all(...values));
  };
  return { exec } as unknown as Sql;
}

/** The same in memory. */
export const memorySql = (): Sql => sqlOf(new DatabaseSync(":memory:"));

function cursorOf(rows: unknown[]) {
  return {
    toArray: () => rows,
    one: () => {
      if (rows.length !== 1) throw new Error(`expected one row, found ${rows.length}`);
      return rows[0];
    },
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}
