import { DeployError } from "../errors";
import type { PolicyResult } from "../events";

/** The refusal that lists every mandatory violation. */
export class PolicyViolation extends DeployError {
  constructor(
    /** All findings, advice among them. */
    readonly results: readonly PolicyResult[],
  ) {
    const lines = results
      .filter(({ level }) => level === "mandatory")
      .map(({ rule, resource, message }) => `- ${rule}: ${message} (${resource})`);
    super("POLICY_VIOLATED", `policies refuse the deployment; nothing was made:\n${lines.join("\n")}`);
  }
}

/** The refusal; undefined where no mandatory rule is violated. */
export const violationOf = (results: readonly PolicyResult[]): PolicyViolation | undefined =>
  results.some(({ level }) => level === "mandatory") ? new PolicyViolation(results) : undefined;
