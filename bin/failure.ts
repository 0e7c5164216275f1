import { debuglog } from "node:util";
import { CommanderError } from "commander";

const debug = debuglog("wandstore");

/**
 * Exit codes of every command. A failure says what it is by its code (`error.code` with `--json`): those of DeployError
 * (local/deploy/errors.ts), CloudError (local/cloud/errors.ts), ConfigError (infra/config.ts), and these.
 */
export const EXIT = {
  OK: 0,
  /** Anything that is broken: usage, config, catalogue, ports, a refused step. */
  FAILED: 1,
  /** Stopped by a signal before the deployment was complete. */
  INTERRUPTED: 130,
} as const;

export const FAILURES = {
  USAGE: "the command line cannot be understood",
  NOT_DEPLOYED: "the stack has never been deployed here",
  OTHER_API_PORT: "the cloud of this state folder runs on another port",
  NOT_HEALTHY: "what was deployed does not answer as it should",
  NOT_CONFIRMED: "a destructive command was not confirmed",
  UNEXPECTED: "a mistake in this program",
} as const;

/** A refusal of the command line itself. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly code: keyof typeof FAILURES,
    message: string,
  ) {
    super(message);
  }
}

export interface Reported {
  code: string;
  message: string;
}

/** What is told of anything that was thrown. `NODE_DEBUG=wandstore` shows where it came from. */
export function report(error: unknown): Reported {
  debug("%O", error);
  if (error instanceof CommanderError) return { code: "USAGE", message: error.message.replace(/^error: /, "") };
  if (!(error instanceof Error)) return { code: "UNEXPECTED", message: String(error) };
  return { code: codeOf(error) ?? "UNEXPECTED", message: error.message };
}

function codeOf(error: Error): string | undefined {
  const { code, cause } = error as Error & { code?: unknown };
  // An error of the program that has a code of its own (ConfigError, CatalogueError) is known by that one.
  if (code === "PROGRAM_FAILED" && cause instanceof Error) return codeOf(cause) ?? code;
  return typeof code === "string" ? code : undefined;
}

export const exitCodeOf = (reported: Reported): number =>
  reported.code === "INTERRUPTED" ? EXIT.INTERRUPTED : EXIT.FAILED;
