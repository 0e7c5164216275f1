import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Resource, Rule } from "../../../policies/rule";
import { limitsOf } from "../../../policies/thresholds";
import { readable } from "../../../policies/values";

const ROOT = path.join(__dirname, "../../..");
const LIMIT_MS = 110_000;

/** Everything the program declares for a stack, as rules see it before anything is made. */
export interface Plan {
  /** What rules of resources judge. */
  readonly inputs: readonly Resource[];
  /** What rules of stacks judge: with ids, and the stack's own outputs. */
  readonly outputs: readonly Resource[];
}

/** Plans stacks of the project. @param files stack files by stack; the project's own where there is none. */
export async function plansOf(files: Readonly<Record<string, string | undefined>>): Promise<Record<string, Plan>> {
  const folder = mkdtempSync(path.join(tmpdir(), "wand-plan-"));
  try {
    for (const [stack, text] of Object.entries(files)) {
      const file = `Pulumi.${stack}.yaml`;
      if (text === undefined) cpSync(path.join(ROOT, file), path.join(folder, file));
      else writeFileSync(path.join(folder, file), text);
    }
    const args = [path.join(__dirname, "planner.js"), folder, ...Object.keys(files)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: LIMIT_MS, maxBuffer: 1 << 28 });
    const plans = Object.entries(JSON.parse(stdout) as Record<string, Plan>);
    return Object.fromEntries(plans.map(([stack, { inputs, outputs }]) => [stack, known({ inputs, outputs })]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const [stack, text] of Object.entries(files)) {
      if (text !== undefined) rmSync(path.join(ROOT, ".build", stack), { recursive: true, force: true });
    }
  }
}

const known = ({ inputs, outputs }: Plan): Plan => ({
  inputs: inputs.map((resource) => ({ ...resource, props: readable(resource.props) })),
  outputs: outputs.map((resource) => ({ ...resource, props: readable(resource.props) })),
});

/** A finding: the rule's name, the resource's, and the words. */
export type Found = readonly [rule: string, resource: string, found: string];

/** What the rules find in a plan, with their own thresholds. */
export function findingsIn(rules: readonly Rule[], { inputs, outputs }: Plan): Found[] {
  const found: Found[] = [];
  for (const rule of rules) {
    const limits = limitsOf(rule.thresholds, {});
    if ("judge" in rule) {
      for (const resource of inputs)
        rule.judge(resource, (what) => found.push([rule.name, resource.name, what]), limits);
    } else rule.judgeStack(outputs, (what, { name }) => found.push([rule.name, name, what]), limits);
  }
  return found;
}
