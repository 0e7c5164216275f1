import { rmSync } from "node:fs";
import path from "node:path";
import { FleetError } from "../../infra/fleet/errors";
import { checkPolicies } from "../../local/deploy";
import { PROJECT_DIR } from "../options";

/**
 * Judges a stack by its program and the policy pack, before its file is where others see it.
 * @returns advice, a sentence each
 * @throws FleetError POLICY_VIOLATED; DeployError for a stack that its program refuses
 */
export async function judgePolicies(stack: string, configFile: string): Promise<string[]> {
  try {
    const findings = await checkPolicies({ stack, configFile, projectDir: PROJECT_DIR, env: process.env });
    const refusals = findings.filter(({ level }) => level === "mandatory");
    if (refusals.length === 0) return findings.map(({ rule, message }) => `${rule}: ${message}`);
    const lines = refusals.map(({ rule, message }) => `- ${rule}: ${message}`);
    throw new FleetError("POLICY_VIOLATED", ["policies refuse the shop; nothing was made:", ...lines].join("\n"));
  } catch (error) {
    rmSync(path.join(PROJECT_DIR, ".build", stack), { recursive: true, force: true }); // its bundles
    throw error;
  }
}
