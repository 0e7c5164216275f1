import { hash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** SHA-256, hex. */
export const sha256 = (content: string | Uint8Array): string => hash("sha256", content);

/** An image takes over the mode of its files, and what runs in it is not their owner; a umask must not decide that. */
const READABLE_BY_ALL = 0o644;

/** Writes a file unless it holds that content already. Never leaves half of one: a second deployment may be reading. */
export function writeIfChanged(path: string, content: Uint8Array): void {
  if (contentOf(path)?.equals(content)) return chmodSync(path, READABLE_BY_ALL);
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  try {
    writeFileSync(partial, content);
    chmodSync(partial, READABLE_BY_ALL);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
