/**
 * A second version of a Worker, as a Worker of its own beside the first: it has the first one's Durable Objects by bindings that
 * name it, so that each object is one and the same for both.
 */
import type { HostBinding, Preview, VersionSpec, WorkerSpec } from "./types";

/** No Worker of a user can have these signs in its name. */
const SIGN = "@";
const PREVIEW_SIGN = "~";

export const besideName = (worker: string, versionId: string): string => `${worker}${SIGN}${versionId}`;

/** The Worker that a second version belongs to; undefined for a name that is no second version's. */
export const ownerOf = (name: string): string | undefined => before(SIGN, name);

/** The Worker that a previewed version is of; undefined for a name that is no such version's. */
export const previewedBy = (name: string): string | undefined => before(PREVIEW_SIGN, name);

function before(sign: string, name: string): string | undefined {
  const at = name.indexOf(sign);
  return at < 0 ? undefined : name.slice(0, at);
}

/** A version with an address of its own, as a Worker of its own: it shares nothing with what is deployed but what both are bound to. */
export const previewOf = ({ worker, workerId, version }: Preview): WorkerSpec => ({
  ...version,
  name: `${worker}${PREVIEW_SIGN}${version.versionId}`,
  workerId,
  durableObjects: [],
});

export function besideOf(owner: WorkerSpec, beside: VersionSpec): WorkerSpec {
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
