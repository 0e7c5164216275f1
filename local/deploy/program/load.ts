import path from "node:path";
import { sep } from "node:path";
import { DeployError } from "../errors";
import type { Program } from "./run";

/** Folders whose modules belong to the program: they read the config when they are loaded, so each run loads them anew. */
const PROGRAM_FOLDERS = ["infra", "runtime"];

/** The program of a project: the module that Pulumi.yaml's `main` names, loaded afresh at each call. */
export function projectProgram(projectDir: string, main: string): Program {
  return () => {
    for (const file of Object.keys(require.cache)) {
      if (PROGRAM_FOLDERS.some((folder) => file.startsWith(path.join(projectDir, folder) + sep))) {
        delete require.cache[file];
      }
    }
    const entry = path.resolve(projectDir, main);
    try {
      require.resolve(entry);
    } catch (cause) {
      throw new DeployError("PROGRAM_FAILED", `there is no program at ${entry}, which Pulumi.yaml names`, { cause });
    }
    return require(entry) as unknown;
  };
}
