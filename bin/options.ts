import path from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";

export const PROJECT_DIR = path.resolve(__dirname, "..");
export const EDGE_PORT = 8787;
export const API_PORT = 8788;

/** A TCP port; 0 takes any free one. */
function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535; 0 takes any free one.");
}

export const stateDirOption = (): Option =>
  new Option("--state-dir <folder>", "where the embedded cloud and the deployments are kept")
    .default(path.join(PROJECT_DIR, ".wandstore"), ".wandstore beside package.json")
    .argParser((folder) => path.resolve(folder));

/** The port of a cloud that is there, or is to be started for the command. */
export const apiPortOption = (): Option =>
  new Option("--api-port <port>", "port of the API of the embedded cloud").argParser(port);

export interface CommonOptions {
  stateDir: string;
}

export interface StackOptions extends CommonOptions {
  stack: string;
  json: boolean;
  apiPort?: number;
}

/** Where the embedded cloud's containers run: as processes of this machine, or in a Docker engine. */
const CONTAINERS = ["process", "docker"] as const;
export type Containers = (typeof CONTAINERS)[number];

export interface ServeOptions extends CommonOptions {
  port: number;
  apiPort: number;
  containers: Containers;
}

/** What every command on a stack takes. */
export function withStackOptions(command: Command): Command {
  return command
    .option("-s, --stack <name>", "which stack: Pulumi.<name>.yaml", "dev")
    .option("--json", "print one JSON document and nothing else", false)
    .addOption(stateDirOption())
    .addOption(apiPortOption());
}

/** What the commands that keep a cloud running take. */
export function withServeOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--port <port>", "port of the edge, where the shops answer").default(EDGE_PORT).argParser(port),
    )
    .addOption(new Option("--api-port <port>", "port of Cloudflare's API").default(API_PORT).argParser(port))
    .addOption(
      new Option("--containers <engine>", "run containers as processes, or in a Docker engine")
        .choices(CONTAINERS)
        .default("process"),
    )
    .addOption(stateDirOption());
}
