import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { Failure } from "./failure";
import { PROJECT_DIR } from "./options";

/** Complaints of the CLI that are repeated: with a wrong token each resource has its own. */
const MOST_ERRORS = 3;
/** No deployment of a stack takes longer; what hangs is ended then. */
const DEPLOY_LIMIT_MS = 60 * 60_000;
/** Reading a stack of some thirty resources takes seconds; a rate limit of Cloudflare's some minutes. */
const REFRESH_LIMIT_MS = 15 * 60_000;

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

/** The command that says how a real account differs from a stack's state; it changes neither. */
export const pulumiRefresh = (stack: string): string[] => ["pulumi", "refresh", "--preview-only", "--stack", stack];

/**
 * Lets the Pulumi CLI compare a stack with its account, and answers with its events, a line of JSON each, secrets hidden.
 * @throws Failure NO_PULUMI; REFRESH_FAILED where it ends with another code than 0
 */
export async function pulumiRefreshEvents(stack: string, signal: AbortSignal): Promise<string> {
  const [name, ...args] = pulumiRefresh(stack);
  const program = onPath(name!);
  const install = "Install it (https://www.pulumi.com/docs/install), or run this where it is";
  if (program === undefined) {
    throw new Failure(
      "NO_PULUMI",
      `stack "${stack}" is in a real account, and there is no pulumi command on the PATH. ${install}`,
    );
  }
  // The stream of events tells both states of a resource; the single document repeats the old one.
  const env = {
    ...process.env,
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SKIP_CONFIRMATIONS: undefined, // to the CLI it is --yes, which a look refuses
  };
  const quiet = ["--json", "--non-interactive", "--color", "never"];
  const child = spawn(program, [...args, ...quiet], {
    cwd: PROJECT_DIR,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
    timeout: REFRESH_LIMIT_MS,
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit, by) => resolve(exit ?? by ?? "nothing"));
  });
  const [code, events, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code === 0) return events;
  const complaints = [...new Set([...errorsIn(events), errors.trim()].filter((line) => line !== ""))];
  const more = complaints.length > MOST_ERRORS ? [`… and ${complaints.length - MOST_ERRORS} more`] : [];
  const said = [...complaints.slice(0, MOST_ERRORS), ...more].join("\n");
  throw new Failure("REFRESH_FAILED", `${pulumiRefresh(stack).join(" ")} ended with ${code}:\n${said}`);
}

/** What the events complain of. */
function errorsIn(events: string): string[] {
  return events.split("\n").flatMap((line) => {
    if (!line.includes('"diagnosticEvent"')) return [];
    const { diagnosticEvent: told } = JSON.parse(line) as { diagnosticEvent?: { severity: string; message: string } };
    return told?.severity === "error" ? [told.message.trim().split("\n")[0]!] : [];
  });
}

/** The program of that name on the PATH; undefined where there is none. */
export function onPath(name: string): string | undefined {
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
