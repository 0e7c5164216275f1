import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** What a probe may look at; tests give one of their own. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  /** Folder of the project. */
  root: string;
  stateDir: string;
  /** Version of the Node that runs, such as `v24.1.0`. */
  nodeVersion: string;
}

/** Longest that a program may take to tell its version. */
const ANSWER_MS = 10_000;

/** How a program ended: what it printed, or why it did not. */
export type Answer = { ok: true; text: string } | { ok: false; why: string };

/** The program of that name on the PATH of a world; undefined where there is none. */
export function findProgram({ env }: World, name: string): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  return (env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((file) => path.join(folder, file)))
    .find((file) => existsSync(file));
}

/** Runs a program to its end, which comes by force after ten seconds. Nothing it says to stderr is an answer. */
export function ask({ env, root }: World, program: string, args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...env }, timeout: ANSWER_MS, killSignal: "SIGKILL" as const };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, text: stdout.trim() });
      if (error.killed === true) return resolve({ ok: false, why: `gave no answer within ${ANSWER_MS / 1000} s` });
      const said = stderr.trim().split("\n")[0] ?? "";
      resolve({ ok: false, why: `does not work: ${said === "" ? error.message.split("\n")[0] : said}` });
    });
  });
}

/** The JSON of a file; undefined where there is none. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a version is at least as new as another, by its numbers. */
export function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const numbers = version.replace(/^v/, "").split(/[.+-]/).map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const have = numbers[index] ?? 0;
    if (have !== wanted) return have > wanted;
  }
  return true;
}
