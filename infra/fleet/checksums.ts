import { createHash } from "node:crypto";
import { createReadStream, lstatSync, readdirSync } from "node:fs";
import path from "node:path";

/** The name that `sha256sum -c` is given. */
export const CHECKSUMS = "SHA256SUMS";

/** Files below a folder, as relative paths with slashes, sorted. Links are files here: nothing follows them. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !lstatSync(path.join(folder, name)).isDirectory())
    .map((name) => name.split(path.sep).join("/"))
    .toSorted();
}

/** SHA-256 of a file, hex. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The list that `sha256sum -c` reads, of every file below a folder but itself. */
export async function checksumsOf(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const name of filesBelow(folder)) {
    if (name !== CHECKSUMS) lines.push(`${await sha256Of(path.join(folder, name))}  ${name}\n`);
  }
  return lines.join("");
}

/** What such a list says, by the file's name; undefined for a text that is none. */
export function readChecksums(text: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, sum, name] = /^([0-9a-f]{64}) [ *](\S.*)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined) return undefined;
    found.set(name, sum);
  }
  return found;
}
