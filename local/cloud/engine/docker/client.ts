/** A Docker engine of this machine, by its unix socket. */
import type Docker from "dockerode";

/** No Docker engine answers, or one that cannot be used. */
export class DockerEngineError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DockerEngineError";
  }
}

export interface DockerClient {
  readonly docker: Docker;
  /** The same engine without a deadline, for answers that last as long as a container. */
  readonly lasting: Docker;
  /** Whether a container's own address is reached from this machine: not where the engine runs in a machine of its own. */
  readonly direct: boolean;
}

const FIND_DEADLINE_MS = 5_000;
/** Longest silence in an answer. A layer of a large image is unpacked without a word. */
const CALL_DEADLINE_MS = 300_000;

/**
 * Finds the engine.
 * @param socketPath such as `/var/run/docker.sock`
 * @param deadlineMs how long it may take to answer; five seconds
 * @throws DockerEngineError where none answers in time, or it runs no Linux containers
 */
export async function connectDocker(socketPath: string, deadlineMs = FIND_DEADLINE_MS): Promise<DockerClient> {
  const info = await askInfo(socketPath, deadlineMs);
  if (info.OSType !== "linux") {
    throw new DockerEngineError(
      `the Docker engine at ${socketPath} runs ${info.OSType} containers; switch it to Linux`,
    );
  }
  const isRootless = info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false;
  const isDesktop = info.OperatingSystem === "Docker Desktop";
  const open = await opener();
  return {
    docker: open({ socketPath, timeout: CALL_DEADLINE_MS }),
    lasting: open({ socketPath }),
    direct: process.platform === "linux" && !isRootless && !isDesktop,
  };
}

/** Loads the client when it is first needed: a cloud whose containers are processes does without its many modules. */
async function opener(): Promise<(options: Docker.DockerOptions) => Docker> {
  const { default: Client } = await import("dockerode");
  return (options) => new Client(options);
}

interface EngineInfo {
  OSType?: string;
  OperatingSystem?: string;
  SecurityOptions?: string[] | null;
}

async function askInfo(socketPath: string, timeout: number): Promise<EngineInfo> {
  try {
    const open = await opener();
    return (await open({ socketPath, timeout }).info()) as EngineInfo;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new DockerEngineError(`no Docker engine answers at ${socketPath}: ${said}`, { cause: error });
  }
}

/** The status of an answer of the engine's API; undefined where no answer came. */
export const statusOf = (error: unknown): number | undefined => (error as { statusCode?: number }).statusCode;
