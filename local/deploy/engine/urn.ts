/** Names of resources as Pulumi makes them: `urn:pulumi:{stack}::{project}::{parentType$type}::{name}`. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
/** Type of an explicit provider, before the name of its package. */
export const PROVIDER_TYPE = "pulumi:providers:";

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

/**
 * Older URNs that a resource has because its parent had other ones: each of its own names below each older parent. A name
 * that begins with the parent's begins with the older parent's there, as Pulumi has it.
 *
 * @param parentAliases older URNs of the parent
 */
export function inheritedAliases(
  { type, name, aliases }: { type: string; name: string; aliases: readonly string[] },
  parent: string | undefined,
  parentAliases: readonly string[],
): string[] {
  if (parent === undefined) return [];
  const parentName = parseUrn(parent).name;
  return parentAliases.flatMap((older) => {
    const { stack, project, name: olderName } = parseUrn(older);
    return [{ type, name }, ...aliases.map(parseUrn)].map((own) => {
      const begins = own.name.startsWith(parentName);
      return makeUrn(
        stack,
        project,
        older,
        own.type,
        begins ? olderName + own.name.slice(parentName.length) : own.name,
      );
    });
  });
}
