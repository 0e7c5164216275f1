/**
 * How an image becomes a process of this machine: the command line, the folder and the environment.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import type { UnpackedImage } from "../image";
import { variablesOf, type ContainerRequest } from "../launcher";

export interface ProcessCommand {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

const NODE_NAMES = ["node", "/usr/local/bin/node", "/usr/bin/node"];
/** What a child may see of this process's own environment; all else could be a developer's secret. */
const PASSED_ON = ["PATH", "SystemRoot"];

/**
 * The process that stands for a container of this image. `node` is the Node that runs the cloud; other programs are looked
 * for in the image, then on the PATH. Entrypoint and Cmd combine as in Docker; the image's User is not honoured.
 * @throws Error if the image names no command, or a WorkingDir outside of itself.
 */
export function processCommand(image: UnpackedImage, request: ContainerRequest, port: number): ProcessCommand {
  const line = [...(image.config.Entrypoint ?? []), ...(request.cmd ?? image.config.Cmd ?? [])];
  const [program, ...args] = line;
  if (program === undefined) {
    throw new Error(`image ${image.ref} has neither Entrypoint nor Cmd: name the command in its Dockerfile`);
  }
  return {
    file: NODE_NAMES.includes(program) ? process.execPath : insideImage(image, program),
    args: args.map((arg) => insideImage(image, arg)),
    cwd: workingDir(image),
    env: { ...variablesOf(image, request), ...inherited(), PORT: String(port), HOST: "127.0.0.1" },
  };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** An absolute path that exists in the image becomes its place on this machine; anything else stays. */
function insideImage(image: UnpackedImage, argument: string): string {
  if (!argument.startsWith("/")) return argument;
  const place = path.join(image.rootDir, path.posix.normalize(argument));
  return existsSync(place) ? place : argument;
}

function workingDir(image: UnpackedImage): string {
  const dir = path.join(image.rootDir, path.posix.normalize(`/${image.config.WorkingDir ?? ""}`));
  if (!existsSync(dir)) {
    throw new Error(`image ${image.ref} has no folder ${image.config.WorkingDir}: correct WORKDIR in its Dockerfile`);
  }
  return dir;
}
