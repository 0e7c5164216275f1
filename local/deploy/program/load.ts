import path from "node:path";
import { markOf } from "../../../infra/bundle/mark";
import { DeployError } from "../errors";
import type { Program } from "./run";

/** Folders whose modules belong to the program. */
const PROGRAM_FOLDERS = ["infra", "runtime"];

/** Size and times that each loaded module's file had then; undefined where they were too fresh to say anything. */
const marks = new Map<string, string | undefined>();

/**
 * The program of a project: the module that Pulumi.yaml's `main` names, evaluated anew at each call, because it reads the
 * config when it is loaded. The modules below it read none then, as in Pulumi's own inline programs, so that a run over many
 * stacks loads them once; those whose file changed, and all that need them, are loaded again.
 */
export function projectProgram(projectDir: string, main: string, now: () => number = Date.now): Program {
  return () => {
    const entry = entryOf(path.resolve(projectDir, main));
    const readAt = now();
    for (const file of staleModules(projectDir, entry)) forget(file);
    try {
      return require(entry) as unknown;
    } finally {
      // Node notes in this module what it has required; each evaluation of the program would stay in memory.
      module.children = module.children.filter(({ filename }) => filename !== entry);
      for (const file of programModules(projectDir)) if (!marks.has(file)) marks.set(file, markOf(file, readAt));
    }
  };
}

function entryOf(entry: string): string {
  try {
    return require.resolve(entry);
  } catch (cause) {
    throw new DeployError("PROGRAM_FAILED", `there is no program at ${entry}, which Pulumi.yaml names`, { cause });
  }
}

const programModules = (projectDir: string): string[] => {
  const folders = PROGRAM_FOLDERS.map((folder) => path.join(projectDir, folder) + path.sep);
  return Object.keys(require.cache).filter((file) => folders.some((folder) => file.startsWith(folder)));
};

/** The entry, modules whose file is not as it was, and whatever has required one of these. */
function staleModules(projectDir: string, entry: string): ReadonlySet<string> {
  const loaded = programModules(projectDir);
  const stale = new Set([entry, ...loaded.filter((file) => isChanged(file))]);
  for (let before = 0; before !== stale.size;) {
    before = stale.size;
    for (const file of loaded) {
      if (require.cache[file]?.children.some(({ filename }) => stale.has(filename))) stale.add(file);
    }
  }
  return stale;
}

function isChanged(file: string): boolean {
  const before = marks.get(file);
  return before === undefined || markOf(file) !== before;
}

function forget(file: string): void {
  delete require.cache[file];
  marks.delete(file);
}
