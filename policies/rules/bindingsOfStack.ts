import { ownThings, scriptNames, workersNamedBy } from "../ownThings";
import { type Resource, stackRule } from "../rule";
import { words } from "../thresholds";
import { CODE, TYPES } from "../types";
import { listOf, type Props, textOf, textsOf } from "../values";

export const bindingsOfStack = stackRule({
  name: "bindings-of-stack",
  level: "mandatory",
  what: "Every binding, and every Worker that a resource names, refers to something that the same stack makes.",
  why: "A Worker bound to another stack's storage reads and writes another shop's data, and destroying that stack breaks this one.",
  fix: "Bind the stack's own resource by its id, never an id as text; what is shared on purpose is named in the rule's threshold.",
  thresholds: { shared: words([], "ids and names of things outside the stack that Workers may be bound to") },
  judgeStack(resources, say, { shared }) {
    const own = ownThings(resources);
    const workers = scriptNames(resources);
    const isForeign = (name: string | undefined): name is string =>
      name !== undefined && workers?.includes(name) === false && !shared.includes(name);
    for (const resource of resources) {
      for (const name of workersNamedBy(resource).filter(isForeign)) {
        say(`${resource.name} names the Worker "${name}", which this stack does not make.`, resource);
      }
      if (!CODE.has(resource.type)) continue;
      for (const binding of listOf(resource.props["bindings"])) {
        const target = own.targetOf(binding);
        const isFine = target === undefined || target.isOwn || shared.includes(target.id);
        const name = textOf(binding["name"]) ?? "?";
        if (!isFine)
          say(
            `The binding ${name} refers to the ${target.kind} "${target.id}", which this stack does not make.`,
            resource,
          );
        const missing = missingClass(resource, binding);
        if (missing !== undefined) {
          say(
            `The binding ${name} refers to the Durable Object class ${missing}, which no migration brings into being.`,
            resource,
          );
        }
        const script = binding["type"] === "durable_object_namespace" ? textOf(binding["scriptName"]) : undefined;
        if (isForeign(script)) {
          say(
            `The binding ${name} refers to objects of the Worker "${script}", which this stack does not make.`,
            resource,
          );
        }
      }
    }
  },
});

/** A class that is bound and in no step of the history, which our version has whole. */
function missingClass({ type, props }: Resource, binding: Props): string | undefined {
  const className = textOf(binding["className"]);
  const isOwn = binding["type"] === "durable_object_namespace" && binding["scriptName"] === undefined;
  if (type !== TYPES.workerVersion || !isOwn || className === undefined || !Array.isArray(props["migrations"]))
    return undefined;
  const there = listOf(props["migrations"]).flatMap((step) => [
    ...textsOf(step["newSqliteClasses"]),
    ...listOf(step["renamedClasses"]).flatMap(({ to }) => textOf(to) ?? []),
  ]);
  return there.includes(className) ? undefined : className;
}
