import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { markOf } from "./mark";
import { findShelved, shelve, type Shelved } from "./shelf";

interface Kept {
  readonly value: unknown;
  /** Each source with its size and times. */
  readonly marks: ReadonlyMap<string, string | undefined>;
}

const kept = new Map<string, Kept>();

/**
 * Makes something of sources once: a run over a hundred shops bundles their common code once, and where nothing changed since
 * another process did, not at all. It is made anew when a source changed or is gone. Packages that are installed while the
 * process runs are not noticed.
 *
 * @param make is given a function that notes sources, by their paths relative to `root`. What it makes is data.
 */
export function keep<T>(
  key: string,
  root: string,
  make: (uses: (sources: readonly string[]) => void) => T,
  now: () => number = Date.now,
): T {
  const name = `${key} ${resolve(root)}`;
  const before = kept.get(name);
  if (before !== undefined && [...before.marks].every(([file, mark]) => markOf(file) === mark)) {
    return before.value as T;
  }
  const readAt = now();
  const shelved = findShelved(key, root);
  const { value, sources } = shelved ?? made(make);
  const real = realpathSync(root);
  const files = sources.map((source) => resolve(real, source));
  const marks = new Map(files.map((file) => [file, markOf(file, readAt)]));
  if ([...marks.values()].includes(undefined)) {
    kept.delete(name); // it is changing
  } else {
    kept.set(name, { value, marks });
    if (shelved === undefined) shelve(key, root, { value, sources }, readAt);
  }
  return value as T;
}

function made<T>(make: (uses: (sources: readonly string[]) => void) => T): Shelved {
  const sources: string[] = [];
  const value = make((files) => sources.push(...files));
  return { value, sources };
}
