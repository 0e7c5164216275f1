import { execFile } from "node:child_process";

/** How a run of the docker command ended. */
export interface DockerRun {
  readonly ok: boolean;
  readonly stdout: string;
  /** What it said on both streams, for a message. */
  readonly said: string;
}

/** Runs `docker` with some arguments. */
export type Docker = (
  args: readonly string[],
  options: { readonly deadlineMs: number; readonly env?: Readonly<Record<string, string>> },
) => Promise<DockerRun>;

/** What to do where images cannot be pushed from here. */
export const ELSEWHERE =
  "or set `wandstore:image: {ref: registry.cloudflare.com/{account}/{repository}@sha256:…}` to an image that was built elsewhere";

const MAX_OUTPUT_BYTES = 16 * 1024 ** 2;

/**
 * The docker command on the PATH of `env`.
 * @throws Error where there is no such command, and when the deadline passes: what it started is ended then.
 */
export function dockerCommand(env: NodeJS.ProcessEnv): Docker {
  return (args, { deadlineMs, env: more = {} }) =>
    new Promise((resolve, reject) => {
      const options = {
        env: { ...env, ...more },
        timeout: deadlineMs,
        killSignal: "SIGKILL",
        maxBuffer: MAX_OUTPUT_BYTES,
      } as const;
      execFile("docker", args, options, (error, stdout, stderr) => {
        if (error?.code === "ENOENT") {
          const what = "There is no docker command here, so the generator's image can be neither built nor pushed.";
          reject(new Error(`${what} Install and start Docker, ${ELSEWHERE}.`));
        } else if (error?.killed === true) {
          reject(new Error(`docker ${commandOf(args)} was not done within ${deadlineMs / 1000} s. Deploy again.`));
        } else {
          resolve({ ok: error === null, stdout, said: `${stderr}\n${stdout}`.trim() });
        }
      });
    });
}

/** Without options, whose values name files of this machine. */
const commandOf = (args: readonly string[]): string => args.filter((arg) => /^[a-z]+$/.test(arg)).join(" ");
