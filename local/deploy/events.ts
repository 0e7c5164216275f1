import type { Value } from "./engine/values";

export type Operation = "create" | "update" | "replace" | "delete" | "same";

/** What is done, or would be done, with one resource. */
export interface Step {
  op: Operation;
  urn: string;
  type: string;
  name: string;
  parent?: string;
  /** Paths of the inputs that changed, such as `configuration.maxInstances`. */
  diff?: string[];
  /** Those of them that cannot be changed in place. */
  replaceReasons?: string[];
  /** Why it did not work when it was made; it is updated for that alone, too. */
  notReady?: string[];
}

export type ChangeSummary = Record<Operation, number>;

/** A finding of a policy. */
export interface PolicyResult {
  rule: string;
  /** URN of the resource, or of the stack for a rule over the whole. */
  resource: string;
  level: "advisory" | "mandatory";
  message: string;
}

/**
 * What happens during a deployment, in order. `plan` judges the program and makes nothing; `apply` makes; `remove`
 * deletes what is no longer declared. Times are milliseconds.
 */
export type DeployEvent =
  | { kind: "phase"; phase: "plan" | "apply" | "remove" }
  | { kind: "planned"; step: Step }
  | { kind: "started"; step: Step }
  | { kind: "done"; step: Step; ms: number }
  | { kind: "failed"; step: Step; ms: number; message: string }
  | { kind: "diagnostic"; level: "info" | "warning" | "error"; message: string; urn?: string }
  | { kind: "policy"; result: PolicyResult }
  | { kind: "outputs"; outputs: Record<string, Value> };

export type OnEvent = (event: DeployEvent) => void;

export function emptySummary(): ChangeSummary {
  return { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
}
