import { createHmac } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SIGNING_KEY, type Edge } from "../harness";

/** A signature of the stack's, as cookies and links have it. */
export const signed = (text: string): string => createHmac("sha256", SIGNING_KEY).update(text).digest("base64url");
/** The `Cookie` header of a shopper. */
export const cookieOf = (shopper: string): string => `wand_shopper=${shopper}.${signed(`cookie:${shopper}`)}`;

/** One row, key or object as it lies on the disk: where it is, and its text or bytes as text. */
export interface Kept {
  file: string;
  text: string;
}

/** Everything that an edge keeps, of all tiers and Durable Objects, read from its files. workerd must not run. */
export function keptBy(edge: Edge): Kept[] {
  const files = globSync("{kv,r2,d1,do}/**/*", { cwd: edge.folder, withFileTypes: true }).filter((one) => one.isFile());
  return files.flatMap((one) => {
    const file = path.join(one.parentPath, one.name);
    const name = path.relative(edge.folder, file);
    if (/-(?:wal|shm)$/.test(file)) return [];
    if (file.endsWith(".sqlite")) return rowsOf(file).map((text) => ({ file: name, text }));
    return [{ file: name, text: readFileSync(file, "latin1") }];
  });
}

function rowsOf(file: string): string[] {
  const db = new DatabaseSync(file);
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    return tables.flatMap(({ name }) => {
      const query = db.prepare(`SELECT * FROM "${name}"`);
      query.setReadBigInts(true); // times of alarms are in nanoseconds
      return query.all().map((row) => `${name} ${Object.values(row).map(textOf).join(" | ")}`);
    });
  } finally {
    db.close();
  }
}

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);

/** What is kept that has this id in it, and not only as the beginning or end of another one. */
export function ofShopper(kept: readonly Kept[], shopper: string): Kept[] {
  const whole = new RegExp(`(?<![\\w-])${shopper}(?![\\w-])`);
  return kept.filter(({ file, text }) => whole.test(file) || whole.test(text));
}
