import { z } from "zod";
import { nameOfUrn, OPERATIONS, type Change, type Finding, type Plan } from "./change";

const StepSchema = z.object({
  op: z.enum([...OPERATIONS, "same"]),
  type: z.string(),
  name: z.string(),
  diff: z.array(z.string()).default([]),
  replaceReasons: z.array(z.string()).default([]),
});
const PolicySchema = z.object({
  rule: z.string(),
  resource: z.string(),
  level: z.enum(["advisory", "mandatory"]),
  message: z.string(),
});
const DocumentSchema = z.union([
  z.object({
    steps: z.array(StepSchema),
    policy: z.array(PolicySchema).default([]),
    changeSummary: z.looseObject({ same: z.number() }),
  }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
]);

/** Reads what `wandstore preview --json` printed. @throws Error for anything else */
export function fromEmbedded(text: string): Plan {
  const document = DocumentSchema.parse(JSON.parse(text));
  if ("error" in document) {
    const { code, message } = document.error;
    const findings = code === "POLICY_VIOLATED" ? message.split("\n").flatMap(refusalOf) : [];
    return { changes: [], unchanged: 0, findings, errors: findings.length > 0 ? [] : [message] };
  }
  const { steps, policy, changeSummary } = document;
  return {
    changes: steps.flatMap((step) => changeOf(step) ?? []),
    unchanged: changeSummary.same,
    findings: policy.map(findingOf),
    errors: [],
  };
}

function changeOf({ op, type, name, diff, replaceReasons }: z.output<typeof StepSchema>): Change | undefined {
  if (op === "same") return undefined;
  const paths = [...new Set([...replaceReasons, ...diff])];
  const changed = paths.map((path) => ({ path, replaces: replaceReasons.includes(path) }));
  return { op, type, name, changed };
}

/** A mandatory finding ends a preview: its line of the error's message has the rule, what was found, and the URN. */
function refusalOf(line: string): Finding[] {
  const [, rule, message, resource] = /^- ([a-z0-9-]+): (.*) \((urn:[^()]+)\)$/.exec(line) ?? [];
  if (rule === undefined || message === undefined || resource === undefined) return [];
  return [findingOf({ rule, message, resource, level: "mandatory" })];
}

const findingOf = ({ rule, level, resource, message }: z.output<typeof PolicySchema>): Finding => ({
  rule,
  level,
  resource: nameOfUrn(resource).name || resource,
  message,
});
