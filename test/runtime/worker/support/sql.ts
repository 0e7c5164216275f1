import { DatabaseSync } from "node:sqlite";
import type { Sql } from "../../../../runtime/worker/pool/sql";

/** A database in memory that answers as a Durable Object's does. */
export function memorySql(): Sql {
  const db = new DatabaseSync(":memory:");
  const exec = (query: string, ...values: (string | number | null)[]) => {
    const isScript = values.length === 0 && /;\s*\S/.test(query);
    if (isScript) db.exec(query);
    const rows = isScript ? [] : db.prepare(query).all(...values);
    return { toArray: () => rows };
  };
  return { exec } as Sql;
}
