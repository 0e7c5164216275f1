import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { Failure } from "./failure";
import { PROJECT_DIR } from "./options";

/** No deployment of a stack takes longer; what hangs is ended then. */
const DEPLOY_LIMIT_MS = 60 * 60_000;

export interface PulumiOptions {
  stack: string;
  /** Do not let the CLI ask. */
  yes: boolean;
  /** Keep stdout for a document: all that the CLI says goes to stderr. */
  json: boolean;
  /** Asks the CLI to stop; at a terminal it hears of that itself. */
  signal: AbortSignal;
}

/** The command that deploys a stack of a real account. */
export const pulumiUp = ({ stack, yes }: Pick<PulumiOptions, "stack" | "yes">): string[] => [
  "pulumi",
  "up",
  "--stack",
  stack,
  ...(yes ? ["--yes", "--skip-preview"] : []),
];

/**
 * Deploys a stack with the Pulumi CLI of the PATH.
 * @throws Failure NO_PULUMI where there is none, with the command to run; DEPLOY_FAILED where it ends with another code than 0
 */
export async function runPulumi(options: PulumiOptions): Promise<void> {
  const [name, ...args] = pulumiUp(options);
  const program = onPath(name!);
  if (program === undefined) {
    throw new Failure("NO_PULUMI", `there is no pulumi command on the PATH. Run: ${pulumiUp(options).join(" ")}`);
  }
  const child = spawn(program, args, { cwd: PROJECT_DIR, stdio: ["inherit", options.json ? 2 : 1, 2] });
  // A terminal tells the whole group; twice would end the CLI at once.
  const stop = (): void => void (process.stdin.isTTY || child.kill("SIGINT"));
  const limit = setTimeout(() => child.kill("SIGTERM"), DEPLOY_LIMIT_MS);
  options.signal.addEventListener("abort", stop);
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit, signal) => resolve(exit ?? signal ?? "nothing"));
    });
    if (code !== 0) throw new Failure("DEPLOY_FAILED", `${pulumiUp(options).join(" ")} ended with ${code}`);
  } finally {
    clearTimeout(limit);
    options.signal.removeEventListener("abort", stop);
  }
}

function onPath(name: string): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`] : [name];
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => names.map((file) => path.join(folder, file)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
