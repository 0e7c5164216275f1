import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { nameOfUrn, OPERATIONS, type Change, type Changed, type Finding, type Operation, type Plan } from "./change";
import { namedPath, shownAt } from "./values";

/** State of a resource: what the program asked for. */
const StateSchema = z.object({ inputs: z.record(z.string(), z.unknown()).nullish() }).nullish();
const Detail = z.looseObject({ kind: z.string().optional(), diffKind: z.string().optional() });

/** A step of `pulumi preview --json`. */
const StepSchema = z
  .object({
    op: z.string(),
    urn: z.string(),
    oldState: StateSchema,
    newState: StateSchema,
    diffReasons: z.array(z.string()).nullish(),
    replaceReasons: z.array(z.string()).nullish(),
    detailedDiff: z.record(z.string(), Detail).nullish(),
  })
  .transform((step): Step => ({ ...step, old: step.oldState?.inputs ?? {}, next: step.newState?.inputs ?? {} }));
const DigestSchema = z.object({
  steps: z.array(StepSchema).default([]),
  diagnostics: z.array(z.object({ severity: z.string().optional(), message: z.string() })).default([]),
});

/** The same as an event of the stream, which has the policies' findings, too. `logical` are the steps people see. */
const EventSchema = z.object({
  resourcePreEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        logical: z.boolean().default(false),
        old: StateSchema,
        new: StateSchema,
        diffs: z.array(z.string()).nullish(),
        keys: z.array(z.string()).nullish(),
        detailedDiff: z.record(z.string(), Detail).nullish(),
      }),
    })
    .optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().default(""),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.string(),
    })
    .optional(),
  summaryEvent: z.looseObject({}).optional(),
  diagnosticEvent: z.object({ severity: z.string().optional(), message: z.string() }).optional(),
});

interface Step {
  op: string;
  urn: string;
  /** Inputs. */
  old: Record<string, unknown>;
  next: Record<string, unknown>;
  diffReasons?: string[] | null | undefined;
  replaceReasons?: string[] | null | undefined;
  detailedDiff?: Record<string, z.output<typeof Detail>> | null | undefined;
}

/**
 * Reads what `pulumi preview --json` printed: one document, or with PULUMI_ENABLE_STREAMING_JSON_PREVIEW one event a line.
 * Only the stream has the findings of a policy pack. @throws Error for anything else
 */
export function fromPulumi(text: string): Plan {
  const whole = document(text);
  if (whole !== undefined) return fromDigest(whole);
  return fromEvents(text.split("\n").filter((line) => line.trim() !== ""));
}

/** The text as one document; a stream is none. */
function document(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "steps" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromDigest(whole: unknown): Plan {
  const { steps, diagnostics } = DigestSchema.parse(whole);
  return planOf(steps, [], errorsOf(diagnostics));
}

function fromEvents(lines: readonly string[]): Plan {
  const events = lines.map((line) => EventSchema.parse(JSON.parse(line)));
  const steps = events.flatMap(({ resourcePreEvent: event }): Step[] => {
    if (event === undefined || !event.metadata.logical) return [];
    const { op, urn, old, new: next, diffs, keys, detailedDiff } = event.metadata;
    const inputs = { old: old?.inputs ?? {}, next: next?.inputs ?? {} };
    return [{ op, urn, ...inputs, diffReasons: diffs, replaceReasons: keys, detailedDiff }];
  });
  const findings = events.flatMap(({ policyEvent }) => (policyEvent === undefined ? [] : findingOf(policyEvent)));
  const errors = errorsOf(events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []));
  if (errors.length === 0 && !events.some(({ summaryEvent }) => summaryEvent !== undefined)) {
    throw new Error("the preview broke off: there is no summary at its end");
  }
  return planOf(steps, findings, errors);
}

function planOf(steps: readonly Step[], findings: readonly Finding[], errors: readonly string[]): Plan {
  const changes = steps.flatMap((step) => changeOf(step) ?? []);
  return { changes, unchanged: steps.filter(({ op }) => op === "same").length, findings, errors };
}

function changeOf(step: Step): Change | undefined {
  const op = OPERATIONS.find((known): known is Operation => known === step.op);
  if (op === undefined) return undefined; // same, read, refresh: nothing is made
  return { op, ...nameOfUrn(step.urn), changed: op === "create" || op === "delete" ? [] : changedOf(step) };
}

const topOf = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;

function changedOf({ old, next, diffReasons, replaceReasons, detailedDiff }: Step): Changed[] {
  const reasons = new Set(replaceReasons ?? []);
  const detailed = Object.entries(detailedDiff ?? {});
  const paths =
    detailed.length > 0
      ? detailed.map(([path, { kind, diffKind }]) => {
          return { path, replaces: (kind ?? diffKind ?? "").endsWith("-replace") || reasons.has(path) };
        })
      : withoutOutputs([...new Set([...reasons, ...(diffReasons ?? [])])], old, next).map((path) => {
          return { path, replaces: reasons.has(path) || reasons.has(topOf(path)) };
        });
  return paths.map(({ path, replaces }) => {
    const [before, after] = [shownAt(old, path), shownAt(next, path)];
    const named = namedPath(after === undefined ? old : next, path);
    return { path: named, replaces, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  });
}

/** Providers made from Terraform's name properties that only follow from the others; those were not asked to change. */
function withoutOutputs(paths: string[], old: Step["old"], next: Step["next"]): string[] {
  const asked = paths.filter((path) => !isDeepStrictEqual(old[path], next[path]));
  return asked.length > 0 ? asked : paths;
}

const errorsOf = (said: readonly { severity?: string | undefined; message: string }[]): string[] =>
  said.flatMap(({ severity, message }) => (severity === "error" ? [message.replace(/^error:\s*/, "").trim()] : []));

/** The message has the policy's description as its first line; what was found follows. */
function findingOf(event: {
  resourceUrn: string;
  message: string;
  policyName: string;
  enforcementLevel: string;
}): Finding {
  const [, ...found] = event.message.trim().split("\n");
  return {
    rule: event.policyName,
    level: event.enforcementLevel === "advisory" ? "advisory" : "mandatory",
    resource: nameOfUrn(event.resourceUrn).name || "the stack",
    message: (found.length > 0 ? found.join(" ") : event.message).trim(),
  };
}
