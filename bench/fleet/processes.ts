import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";

/** Longest that a run over all shops may take. */
const RUN_LIMIT_MS = 60 * 60_000;
const START_LIMIT_MS = 60_000;

function start(folder: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path.join(folder, "bin/wandstore.js"), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_LIMIT_MS,
  });
}

const endOf = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once("close", resolve));

/** Runs the command line of a project. `ended` rejects where it ends with another code than 0. */
export function runWandstore(
  folder: string,
  args: readonly string[],
): { pid: number; ended: Promise<{ stdout: string }> } {
  const child = start(folder, args);
  const ended = Promise.all([endOf(child), text(child.stdout!), text(child.stderr!)]).then(([code, stdout, stderr]) => {
    if (code === 0) return { stdout };
    throw new Error(`wandstore ${args.join(" ")} ended with ${code}: ${(stderr + stdout).slice(-2_000)}`);
  });
  return { pid: child.pid!, ended };
}

/** Starts the embedded cloud of a project, on free ports, in a process of its own. */
export async function startCloud(folder: string): Promise<{ pid: number; stop(): Promise<void> }> {
  const child = start(folder, ["cloud", "--port", "0", "--api-port", "0", "--state-dir", path.join(folder, "state")]);
  const ended = endOf(child);
  child.stderr!.resume();
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error("the embedded cloud did not start")), START_LIMIT_MS);
    child.stdout!.once("data", () => resolve()); // it says where it is once it is there
    void ended.then((code) => reject(new Error(`the embedded cloud ended with ${code}`)));
    void ended.finally(() => clearTimeout(limit));
  });
  child.stdout!.resume();
  return {
    pid: child.pid!,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
