import type { Resource } from "./rule";
import { CODE } from "./types";
import { listOf, textOf } from "./values";

/** A Worker's plain-text variables that are known, by name. Nothing of a resource that carries no code. */
export function variablesOf({ type, props }: Resource): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  if (!CODE.has(type)) return variables;
  for (const binding of listOf(props["bindings"])) {
    const [name, text] = [textOf(binding["name"]), textOf(binding["text"])];
    if (binding["type"] === "plain_text" && name !== undefined && text !== undefined) variables.set(name, text);
  }
  return variables;
}

/** The stack that a resource is of, from its URN: `urn:pulumi:{stack}::…`. */
export const stackOf = ({ urn }: Resource): string => urn.split("::")[0]?.split(":").at(-1) ?? "";

/** What a Worker calls its environment; of one that does not say, the stack's name is taken for it. */
export const environmentOf = (resource: Resource): string =>
  variablesOf(resource).get("ENVIRONMENT") ?? stackOf(resource);

/** The environments of all Workers of a stack; of a stack without any, its name. */
export function environmentsOf(resources: readonly Resource[]): readonly string[] {
  const code = resources.filter(({ type }) => CODE.has(type));
  return [...new Set((code.length > 0 ? code : resources).map(environmentOf))];
}
