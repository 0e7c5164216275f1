/** What is done with a resource; `same` is never listed. */
export const OPERATIONS = ["delete", "replace", "update", "create"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One input of a resource that changes. */
export interface Changed {
  /** Such as `configuration.maxInstances`. */
  readonly path: string;
  /** It cannot be changed in place: the resource is replaced because of it. */
  readonly replaces: boolean;
  /** Short, and never a secret; undefined where the preview does not tell, or there is none. */
  readonly before?: string;
  readonly after?: string;
}

/** One step of a preview, whichever tool made it. */
export interface Change {
  readonly op: Operation;
  /** Such as `cloudflare:index/worker:Worker`. */
  readonly type: string;
  readonly name: string;
  readonly changed: readonly Changed[];
}

/** A finding of the policy pack. */
export interface Finding {
  readonly rule: string;
  readonly level: "advisory" | "mandatory";
  /** Name of the resource; the stack's for a rule over the whole. */
  readonly resource: string;
  readonly message: string;
}

/** What a preview says. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly findings: readonly Finding[];
  /** Why there is no plan, or only a part of one. */
  readonly errors: readonly string[];
}

/** Type and name of a resource, from its URN. */
export function nameOfUrn(urn: string): { type: string; name: string } {
  const [, , chain = "", ...name] = urn.split("::");
  return { type: chain.split("$").at(-1)!, name: name.join("::") };
}
