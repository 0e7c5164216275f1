import { DeployError } from "../errors";
import type { Step } from "../events";
import type { ResourceState, StackState } from "../state/stackState";
import type { Registration } from "./registration";
import { parseUrn } from "./urn";
import type { Props } from "./values";

/** The part of a step that says which resource it is of. */
export function identity(urn: string, of: { type: string; name: string; parent?: string }): Omit<Step, "op"> {
  return { urn, type: of.type, name: of.name, ...(of.parent === undefined ? {} : { parent: of.parent }) };
}

/** What the program says of a resource beside its inputs and its name. */
type Facts = Pick<
  ResourceState,
  "dependencies" | "protect" | "retainOnDelete" | "parent" | "provider" | "deletedWith"
> & {
  ignoreChanges?: readonly string[];
};

function factsOf(of: Facts) {
  const { dependencies, protect, retainOnDelete, parent, provider, deletedWith, ignoreChanges = [] } = of;
  return {
    dependencies,
    protect,
    retainOnDelete,
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(deletedWith === undefined ? {} : { deletedWith }),
    ...(ignoreChanges.length === 0 ? {} : { ignoreChanges: [...ignoreChanges] }),
  };
}

/** A resource as the state holds it, from what the program says of it. Components have no id. */
export function newRecord(urn: string, wanted: Registration, made?: { id: string; inputs: Props; outputs: Props }) {
  const { custom, inputs } = wanted;
  const record: ResourceState = {
    ...identity(urn, wanted),
    custom,
    inputs,
    outputs: {},
    ...made,
    ...factsOf(wanted),
  };
  return record;
}

/** Takes over what the program says of a resource beside its inputs; answers whether anything is new. */
export function describe(record: ResourceState, wanted: Registration): boolean {
  const before = JSON.stringify(factsOf(record));
  delete record.provider;
  delete record.deletedWith;
  delete record.ignoreChanges;
  Object.assign(record, factsOf(wanted));
  return JSON.stringify(factsOf(record)) !== before;
}

/** Gives a resource its new name, also where others of the state name it. */
export function rename(
  state: StackState,
  record: ResourceState,
  to: { urn: string; type: string; name: string },
): void {
  const old = record.urn;
  const moved = (urn: string): string => (urn === old ? to.urn : urn);
  Object.assign(record, to);
  for (const other of state.resources) {
    other.dependencies = other.dependencies.map(moved);
    if (other.parent === old) other.parent = to.urn;
    if (other.deletedWith === old) other.deletedWith = to.urn;
    if (other.provider?.startsWith(`${old}::`) === true) other.provider = to.urn + other.provider.slice(old.length);
  }
}

/** The refusal to touch protected resources, naming all of them. Their stack's `protect` is what protects them (infra/config). */
export function protectedError(what: "deleted" | "replaced", urns: readonly string[]): DeployError {
  return new DeployError(
    "PROTECTED",
    `protected resources would be ${what}: ${urns.map((urn) => parseUrn(urn).name).join(", ")}. ` +
      "Set wandstore:protect to false in the stack's file, bring that in with an up, and then try again",
  );
}
