import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { byMigrationNumber, type D1MigrationsInputs } from "../providers/resources/d1Migrations";

/**
 * The SQL files of a folder in the order they are applied: by number, then by name. Line ends count as \n, so that a
 * checkout on Windows is the same migration.
 */
export function readMigrations(folder: string): D1MigrationsInputs["migrations"] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted(byMigrationNumber)
    .map((name) => {
      const sql = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}
