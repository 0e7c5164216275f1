import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../bundle/write";

export interface MigrationFile {
  /** The file's name, such as `0001_initial.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, hex. Line ends count as \n, so that a Windows checkout is the same migration. */
  readonly checksum: string;
}

/** The SQL files of a folder in the order they are applied: by number, then by name. */
export function readMigrations(folder: string = __dirname): MigrationFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || a.localeCompare(b, "en"))
    .map((name) => {
      const sql = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
      return { name, sql, checksum: sha256(sql) };
    });
}
