import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** What decides what a deployment makes, besides a shop's own files. */
const PROGRAM = ["infra", "runtime", "images", "policies", "Pulumi.yaml", "package-lock.json"];

/** A hash of the program as it is on the disk. */
export const programMark = (projectDir: string): string => markOf(projectDir, PROGRAM);

/** A hash of a shop's own files: its stack's file and its folder. */
export const shopMark = (projectDir: string, { file, folder }: { file: string; folder: string }): string =>
  markOf(projectDir, [path.relative(projectDir, file), path.relative(projectDir, folder)]);

/** First 16 hex digits of a hash over names and contents; what is not there counts as nothing. */
function markOf(root: string, parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    for (const file of filesIn(root, part)) {
      const content = createHash("sha256")
        .update(readFileSync(path.join(root, file)))
        .digest("hex");
      hash.update(`${file.replaceAll("\\", "/")}\0${content}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

function filesIn(root: string, part: string): string[] {
  const full = path.join(root, part);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [part];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}
