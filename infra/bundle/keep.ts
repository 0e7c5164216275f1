import { resolve } from "node:path";
import { markOf } from "./mark";

interface Kept {
  readonly value: unknown;
  /** Each source with its size and times. */
  readonly sources: ReadonlyMap<string, string>;
}

const kept = new Map<string, Kept>();

/**
 * Makes something of sources once in this process: a run over a hundred shops bundles their common code once. It is made
 * anew when a source changed or is gone. Packages that are installed while the process runs are not noticed.
 *
 * @param make is given a function that notes sources, by their paths relative to `root`.
 */
export function keep<T>(
  key: string,
  root: string,
  make: (uses: (sources: readonly string[]) => void) => T,
  now: () => number = Date.now,
): T {
  const name = `${key} ${resolve(root)}`;
  const before = kept.get(name);
  if (before !== undefined && [...before.sources].every(([file, mark]) => markOf(file) === mark)) {
    return before.value as T;
  }
  const readAt = now();
  const sources = new Map<string, string>();
  const value = make((files) => {
    for (const file of files) sources.set(resolve(root, file), markOf(resolve(root, file), readAt) ?? "changing");
  });
  if ([...sources.values()].includes("changing")) kept.delete(name);
  else kept.set(name, { value, sources });
  return value;
}
