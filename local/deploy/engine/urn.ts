/** Names of resources as Pulumi makes them: `urn:pulumi:{stack}::{project}::{parentType$type}::{name}`. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

export interface UrnParts {
  stack: string;
  project: string;
  /** With the types of the parents before it, joined by `$`; the stack itself is left out. */
  qualifiedType: string;
  type: string;
  name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [head, project, qualifiedType, ...name] = urn.split("::");
  const stack = /^urn:pulumi:(.+)$/.exec(head!)?.[1];
  if (stack === undefined || project === undefined || qualifiedType === undefined) {
    throw new Error(`"${urn}" is not the name of a resource; it reads urn:pulumi:stack::project::type::name`);
  }
  return { stack, project, qualifiedType, type: qualifiedType.split("$").at(-1)!, name: name.join("::") };
}

export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const above = parent === undefined ? undefined : parseUrn(parent);
  const prefix = above === undefined || above.type === STACK_TYPE ? "" : `${above.qualifiedType}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}
