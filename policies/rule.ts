import type { Limits, Thresholds } from "./thresholds";
import type { Props } from "./values";

/** A resource as rules see it: properties are plain data, an unknown one is the symbol UNKNOWN. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Whether Pulumi refuses to delete it. */
  readonly isProtected: boolean;
  readonly props: Props;
}

/** Reports what was found, one whole sentence or more, without why and how: those are the rule's. */
export type Say = (found: string) => void;
/** The same, of one resource of the stack. */
export type SayOf = (found: string, resource: Resource) => void;

/** What people are told of a rule. Descriptions, violations, docs/reference/policies.md and SARIF's help all come from here. */
export interface About<Of extends Thresholds = Thresholds> {
  /** Lower-case words with hyphens: never changed, since configs and suppressed alerts know it. */
  readonly name: string;
  readonly level: "mandatory" | "advisory";
  /** What must hold, in one sentence. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** How to put it right. */
  readonly fix: string;
  /** Path of the stack's setting that it hangs on, such as `pool.size`; none where the program itself is wrong. */
  readonly setting?: string;
  readonly thresholds: Of;
}

export interface ResourceRule<Of extends Thresholds = Thresholds> extends About<Of> {
  /** Judges one resource by its inputs. */
  judge(resource: Resource, say: Say, limits: Limits<Of>): void;
}

export interface StackRule<Of extends Thresholds = Thresholds> extends About<Of> {
  /** Judges all resources together, the stack's own among them, by their outputs. */
  judgeStack(resources: readonly Resource[], say: SayOf, limits: Limits<Of>): void;
}

export type Rule = ResourceRule | StackRule;

/** Holds a rule to its shape, with its thresholds' types. */
export const resourceRule = <Of extends Thresholds>(rule: ResourceRule<Of>): ResourceRule => rule as ResourceRule;
export const stackRule = <Of extends Thresholds>(rule: StackRule<Of>): StackRule => rule as StackRule;

/** A violation in words: what was found, why it matters, how to put it right. */
export const messageOf = (rule: About, found: string): string => found + ending(rule);

/** What was found, out of a violation in words. */
export function foundIn(rule: About, message: string): string {
  const end = ending(rule);
  return message.endsWith(end) ? message.slice(0, -end.length) : message;
}

const ending = ({ why, fix }: About): string => ` ${why} ${fix}`;
