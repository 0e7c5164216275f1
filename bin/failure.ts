import { debuglog } from "node:util";
import { CommanderError } from "commander";

const debug = debuglog("wandstore");

/**
 * Exit codes of every command. A failure says what it is by its code (`error.code` with `--json`): those of DeployError
 * (local/deploy/errors.ts), CloudError (local/cloud/cloudError.ts), ConfigError (infra/config/errors.ts), FleetError
 * (infra/fleet/errors.ts), BAD_CATALOGUE for what is wrong in a store (CatalogueError), and these.
 */
export const EXIT = {
  OK: 0,
  /** Anything that is broken: usage, config, catalogue, ports, a refused step. */
  FAILED: 1,
  /** `drift`: the cloud is not as the state says. */
  DRIFTED: 2,
  /** A run over shops: some failed, no more than may, and all others are done. */
  PARTLY: 3,
  /** Stopped by a signal before the deployment was complete. */
  INTERRUPTED: 130,
} as const;

export const FAILURES = {
  USAGE: "the command line cannot be understood",
  NOT_DEPLOYED: "the stack has never been deployed here",
  NO_CLOUD: "no embedded cloud runs on the state folder",
  OTHER_API_PORT: "the cloud of this state folder runs on another port",
  NOT_HEALTHY: "what was deployed does not answer as it should",
  NOTHING_STORED: "nothing is kept under this key",
  ROLLBACK_REFUSED: "the stack cannot safely return to a former release",
  ROLLED_BACK: "the stack is kept at a former release",
  NO_PULUMI: "a stack of a real account takes the Pulumi CLI, and there is none",
  DEPLOY_FAILED: "the Pulumi CLI did not deploy the stack",
  REFRESH_FAILED: "the Pulumi CLI could not compare the stack with its account",
  CLOUDFLARE_REFUSED: "Cloudflare's API refused a request, or did not answer",
  PREVIEW_REFUSED: "a preview failed, or a policy refuses what it shows",
  NOT_PROMOTED: "the image may not be promoted to this stack",
  GITHUB_REFUSED: "GitHub's API refused a request, or did not answer",
  BAD_TRAFFIC: "a figure of traffic is no number, or out of its range",
  NOT_MEASURED: "what a stack serves was not measured",
  NO_SHOPS: "the project has no shop that is a stack of its own",
  NOT_CONFIRMED: "a destructive command was not confirmed",
  INTERRUPTED: "a person stopped the command at a question",
  UNEXPECTED: "a mistake in this program",
} as const;

/** A refusal of the command line itself. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    readonly code: keyof typeof FAILURES,
    message: string,
    /** Each reason by itself, for machines; the message has them too. */
    readonly reasons?: readonly string[],
  ) {
    super(message);
  }
}

/** Ends a command that has said all there is to say itself, with a code. */
export class Ended extends Error {
  override readonly name = "Ended";
  constructor(readonly exitCode: number) {
    super(`ended with ${exitCode}`);
  }
}

export interface Reported {
  code: string;
  message: string;
  reasons?: readonly string[];
}

/** What is told of anything that was thrown. `NODE_DEBUG=wandstore` shows where it came from. */
export function report(error: unknown): Reported {
  debug("%O", error);
  if (error instanceof CommanderError) return { code: "USAGE", message: error.message.replace(/^error: /, "") };
  if (!(error instanceof Error)) return { code: "UNEXPECTED", message: String(error) };
  const reasons = error instanceof Failure && error.reasons !== undefined ? { reasons: error.reasons } : {};
  return { code: codeOf(error) ?? "UNEXPECTED", message: error.message, ...reasons };
}

function codeOf(error: Error): string | undefined {
  const { code, cause } = error as Error & { code?: unknown };
  // An error of the program that has a code of its own (ConfigError, CatalogueError) is known by that one.
  if (code === "PROGRAM_FAILED" && cause instanceof Error) return codeOf(cause) ?? code;
  if (error.name === "CloudflareError") return "CLOUDFLARE_REFUSED"; // its own codes are Cloudflare's
  return typeof code === "string" ? code : undefined;
}

export const exitCodeOf = (reported: Reported): number =>
  reported.code === "INTERRUPTED" ? EXIT.INTERRUPTED : EXIT.FAILED;
