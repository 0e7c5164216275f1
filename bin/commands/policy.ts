import { checkPolicies, policySettings, type DeployEvent } from "../../local/deploy";
import { rules } from "../../policies/rules";
import { complain, say } from "../display";
import { findingLines, verdictLine } from "../display/policy";
import { Ended, EXIT, Failure } from "../failure";
import { PROJECT_DIR } from "../options";
import { findingsFrom } from "../policy/findings";
import { disabledIn } from "../policy/settings";
import { sarifOf } from "../policy/sarif";

export interface PolicyCheckOptions {
  stack: string;
  json: boolean;
  sarif: boolean;
  /** File of levels and thresholds. */
  config?: string;
}

/** How wide the table is where no terminal says it. */
const WIDTH = 120;

/** `wandstore policy check`: judges a stack by the policy pack; nothing is made, and no cloud is asked. */
export async function policyCheck({ stack, json, sarif, config }: PolicyCheckOptions): Promise<void> {
  if (json && sarif) throw new Failure("USAGE", "--json and --sarif contradict each other: each prints one document");
  const results = await checkPolicies({
    stack,
    projectDir: PROJECT_DIR,
    env: process.env,
    onEvent: warn,
    policyConfigFile: config,
  });
  const findings = findingsFrom(results, rules, { projectDir: PROJECT_DIR, stack });
  const disabled = disabledIn(policySettings(PROJECT_DIR, config), rules);
  const violations = findings.filter(({ level }) => level === "mandatory").length;
  if (json) {
    const summary = { rules: rules.length, disabled, mandatory: violations, advisory: findings.length - violations };
    say(JSON.stringify({ operation: "policy check", stack, summary, findings }, null, 2));
  } else if (sarif) say(JSON.stringify(sarifOf(findings, rules, stack), null, 2));
  else {
    for (const line of findingLines(findings, process.stdout.columns ?? WIDTH)) say(line);
    say(`Stack ${stack} by ${verdictLine(findings, rules.length, disabled)}.`);
  }
  if (violations > 0) throw new Ended(EXIT.FAILED);
}

function warn(event: DeployEvent): void {
  if (event.kind === "diagnostic" && event.level !== "info") complain(`${event.level}: ${event.message}`);
}
