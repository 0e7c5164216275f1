import { existsSync, readFileSync } from "node:fs";
import { sync as writeFileAtomicSync } from "write-file-atomic";

/** Writes a file that only its owner can read; after a crash there is the old text or the new one, never half of it. */
export function writePrivateFile(path: string, text: string): void {
  writeFileAtomicSync(path, text, { mode: 0o600, fsync: true });
}

/** The text of the file; where there is none, the one that `make` gives is written first. */
export function readOrCreatePrivateFile(path: string, make: () => string): string {
  if (!existsSync(path)) writePrivateFile(path, make());
  return readFileSync(path, "utf8").trim();
}
