import { spawn } from "node:child_process";
import { interruptible } from "../interrupts";
import { PROJECT_DIR } from "../options";

/** How a tool ended. What it said on stderr was passed on as it came. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
}

export interface ToolOptions {
  /** Variables over those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** The tool is ended when it takes longer. */
  readonly deadlineMs: number;
  /** Where its stdout goes besides the answer. */
  readonly echo?: boolean;
}

/** A tool that was asked to end gets this long to put its state in order. */
const GRACE_MS = 30_000;

/**
 * Runs a program in the project's folder to its end.
 * @returns code 127 where there is no such program, 124 where it took too long, 130 where a signal ended it
 */
export function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<Ended> {
  const { env = {}, deadlineMs, echo = false } = options;
  return interruptible(async (signal) => {
    const child = spawn(command, args, {
      cwd: PROJECT_DIR,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    let late = false;
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      if (echo) process.stderr.write(chunk);
    });
    const stop = (): void => void child.kill("SIGINT");
    let hard: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      late = true;
      stop();
      hard = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    }, deadlineMs);
    signal.addEventListener("abort", stop);
    try {
      return await new Promise<Ended>((resolve) => {
        child.once("error", () => resolve({ code: 127, stdout }));
        child.once("close", (code) => resolve({ code: late ? 124 : (code ?? 130), stdout }));
      });
    } finally {
      clearTimeout(limit);
      clearTimeout(hard);
      signal.removeEventListener("abort", stop);
    }
  });
}
