import { isEmbeddedStack, stackAccount, type StackAccount } from "../local/deploy";
import type { CloudConnection } from "../local/cloud";
import { PROJECT_DIR, type StackOptions } from "./options";
import { withSession } from "./session";

/** Where a stack is, for the time of a command. */
export interface Place {
  account: StackAccount;
  /** The embedded cloud; a stack of a real account has none. */
  cloud?: CloudConnection;
}

/** Runs something with the account of a stack: that of the embedded cloud, or the real one that config and environment name. */
export async function withPlace<T>(options: StackOptions, work: (place: Place) => Promise<T>): Promise<T> {
  const { stack, stateDir, apiPort } = options;
  const where = { projectDir: PROJECT_DIR, stack, env: process.env };
  if (!isEmbeddedStack(PROJECT_DIR, stack)) return work({ account: stackAccount(where) });
  return withSession(stateDir, apiPort, (cloud) => work({ account: stackAccount({ ...where, cloud }), cloud }));
}

/** The command that deploys a stack which is not there yet. */
export function firstDeployment(stack: string): string {
  if (stack === "dev") return "npm start";
  return isEmbeddedStack(PROJECT_DIR, stack) ? `wandstore up -s ${stack}` : `pulumi up -s ${stack}`;
}
