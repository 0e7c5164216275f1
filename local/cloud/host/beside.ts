/**
 * A second version of a Worker, as a Worker of its own beside the first: it has the first one's Durable Objects by bindings that
 * name it, so that each object is one and the same for both.
 */
import type { HostBinding, WorkerDeclaration, WorkerSpec } from "./types";

/** No Worker of a user can have this sign in its name. */
const SIGN = "@";

export const besideName = (worker: string, versionId: string): string => `${worker}${SIGN}${versionId}`;

/** The Worker that a second version belongs to; undefined for a name that is no second version's. */
export function ownerOf(name: string): string | undefined {
  const at = name.indexOf(SIGN);
  return at < 0 ? undefined : name.slice(0, at);
}

export function besideOf(owner: WorkerSpec, beside: NonNullable<WorkerDeclaration["beside"]>): WorkerSpec {
  return {
    ...beside,
    name: besideName(owner.name, beside.versionId),
    workerId: owner.workerId,
    durableObjects: [],
    bindings: beside.bindings.map((binding): HostBinding => {
      if (binding.type !== "durableObject" || binding.scriptName !== undefined) return binding;
      return { ...binding, scriptName: owner.name };
    }),
  };
}
