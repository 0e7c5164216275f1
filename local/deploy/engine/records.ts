import { DeployError } from "../errors";
import type { Step } from "../events";
import type { ResourceState } from "../state/stackState";
import type { Registration } from "./registration";
import type { Props } from "./values";

/** The part of a step that says which resource it is of. */
export function identity(urn: string, of: { type: string; name: string; parent?: string }): Omit<Step, "op"> {
  return { urn, type: of.type, name: of.name, ...(of.parent === undefined ? {} : { parent: of.parent }) };
}

/** A resource as the state holds it, from what the program says of it. Components have no id. */
export function newRecord(urn: string, wanted: Registration, made?: { id: string; inputs: Props; outputs: Props }) {
  const { custom, dependencies, protect, retainOnDelete, inputs } = wanted;
  const record: ResourceState = {
    ...identity(urn, wanted),
    custom,
    inputs,
    outputs: {},
    ...made,
    dependencies,
    protect,
    retainOnDelete,
  };
  return record;
}

/** Takes over what the program says of a resource beside its inputs; answers whether anything is new. */
export function describe(record: ResourceState, wanted: Registration): boolean {
  const { dependencies, protect, retainOnDelete, parent } = wanted;
  const facts = (): string =>
    JSON.stringify([record.dependencies, record.protect, record.retainOnDelete, record.parent]);
  const before = facts();
  Object.assign(record, { dependencies, protect, retainOnDelete, ...(parent === undefined ? {} : { parent }) });
  return facts() !== before;
}

/** The refusal to touch protected resources, naming all of them. */
export function protectedError(what: "deleted" | "replaced", urns: readonly string[]): DeployError {
  return new DeployError(
    "PROTECTED",
    `protected resources would be ${what}: ${urns.join(", ")}. ` +
      `Set "protect" to false for them, deploy that, and then try again`,
  );
}
