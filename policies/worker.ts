import type { Resource } from "./rule";
import { CODE } from "./types";
import { listOf, textOf, UNKNOWN } from "./values";

/** A Worker's plain-text variables by name; UNKNOWN is the text of one that is not known yet. Nothing of a resource that carries no code. */
export function variablesOf({ type, props }: Resource): ReadonlyMap<string, string | typeof UNKNOWN> {
  const variables = new Map<string, string | typeof UNKNOWN>();
  if (!CODE.has(type)) return variables;
  for (const { type: kind, name, text } of listOf(props["bindings"])) {
    if (kind !== "plain_text" || typeof name !== "string") continue;
    if (typeof text === "string" || text === UNKNOWN) variables.set(name, text);
  }
  return variables;
}

/** The stack that a resource is of, from its URN: `urn:pulumi:{stack}::…`. */
export const stackOf = ({ urn }: Resource): string => urn.split("::")[0]?.split(":").at(-1) ?? "";

/** What a Worker calls its environment; of one that does not say, the stack's name is taken for it. */
export const environmentOf = (resource: Resource): string =>
  textOf(variablesOf(resource).get("ENVIRONMENT")) ?? stackOf(resource);

/** The environments of all Workers of a stack; of a stack without any, its name. */
export function environmentsOf(resources: readonly Resource[]): readonly string[] {
  const code = resources.filter(({ type }) => CODE.has(type));
  return [...new Set((code.length > 0 ? code : resources).map(environmentOf))];
}
