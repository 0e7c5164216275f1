import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { version as esbuildVersion } from "esbuild/package.json";
import { fingerprint, namesIn, namesOf } from "./fingerprint";
import { sha256, writeIfChanged } from "./write";

/** What was made of sources, and of which, relative to the project. */
export interface Shelved {
  readonly value: unknown;
  readonly sources: readonly string[];
}

/** So many bundles lie there at most, of a few MB each: some states of the sources, of Worker and generator. */
const MOST_KEPT = 12;
const DIGEST_LENGTH = 64;

/**
 * Finds what was made of the very sources that are there now, by this process or another one. Fails open: what cannot be
 * read, is not whole or was made of other sources is not there.
 */
export function findShelved(key: string, root: string): Shelved | undefined {
  const folder = folderOf(root);
  const prefix = prefixOf(key);
  const tried = new Set<string>();
  for (const name of newestFirst(folder).filter((file) => file.startsWith(prefix))) {
    const sources = read(join(folder, name))?.sources;
    if (sources === undefined || tried.has(sources.join())) continue;
    tried.add(sources.join());
    const print = fingerprint(root, sources);
    const file = print && join(folder, prefix + print);
    const found = file && read(file);
    if (!found) continue;
    ifPossible(() => utimesSync(file, new Date(), new Date())); // what was used last goes last
    return found;
  }
  return undefined;
}

/**
 * Keeps what was made for other processes, where the project has packages, beside them. Fails open: what cannot be written
 * is made again.
 * @param readAt when the first source was read, ms since 1970: what was made of sources that change is not kept.
 */
export function shelve(key: string, root: string, made: Shelved, readAt: number): void {
  if (!existsSync(join(root, "node_modules"))) return;
  const sources = namesOf(root, made.sources);
  const print = sources && fingerprint(root, sources, readAt);
  if (print === undefined) return;
  const folder = folderOf(root);
  const content = serialize({ sources, value: made.value });
  const file = join(folder, prefixOf(key) + print);
  ifPossible(() => writeIfChanged(file, Buffer.concat([Buffer.from(sha256(content)), content])));
  for (const name of newestFirst(folder).slice(MOST_KEPT)) {
    ifPossible(() => rmSync(join(folder, name), { force: true }));
  }
}

const folderOf = (root: string): string => join(root, "node_modules", ".cache", "wandstore-bundles");

/** Begins the name of all that one code of ours makes in one way; what esbuild takes from the environment counts as code. */
function prefixOf(key: string): string {
  const code = readdirSync(__dirname)
    .toSorted()
    .map((name) => readFileSync(join(__dirname, name), "utf8"));
  const { NODE_PATH, ESBUILD_BINARY_PATH } = process.env;
  const maker = JSON.stringify([code, esbuildVersion, process.version, NODE_PATH, ESBUILD_BINARY_PATH]);
  return `${key}-${sha256(maker).slice(0, 16)}-`;
}

/** Names in the folder, the one used last first. */
function newestFirst(folder: string): readonly string[] {
  const names = namesIn(folder);
  const usedAt = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return names
    .map((name) => ({ name, at: usedAt(name) }))
    .toSorted((a, b) => b.at - a.at)
    .map(({ name }) => name);
}

/** A file of ours, or undefined where it is none, or half of one. */
function read(file: string): Shelved | undefined {
  try {
    const bytes = readFileSync(file);
    const content = bytes.subarray(DIGEST_LENGTH);
    if (bytes.toString("latin1", 0, DIGEST_LENGTH) !== sha256(content)) return undefined;
    return deserialize(content) as Shelved;
  } catch {
    return undefined;
  }
}

/** Does without where it is not: a folder is read-only, a disk full, a file somebody else's or gone by now. */
function ifPossible(work: () => void): void {
  try {
    work();
  } catch {
    // the next process bundles, too
  }
}
