import type { Difference, Handler } from "../handlers/handler";
import type { ResourceState } from "../state/stackState";
import { existing } from "./existing";
import { changedPaths, pathsUnder } from "./diff";
import { plain, UNKNOWN, type Props } from "./values";

/** What has to be done with a resource that the program declares. */
export interface Decision {
  op: "create" | "update" | "replace" | "same";
  diff: string[];
  replaceReasons: string[];
  deleteBeforeReplace: boolean;
  /** Outputs that an update leaves as they are. */
  stables: readonly string[];
}

export interface DecideOptions {
  replaceOnChanges: readonly string[];
  /** As the program says; undefined leaves it to the handler. */
  deleteBeforeReplace: boolean | undefined;
}

/** A decision that says nothing of a difference. */
export const UNCHANGED: Omit<Decision, "op"> = {
  diff: [],
  replaceReasons: [],
  deleteBeforeReplace: false,
  stables: [],
};

/** Compares what is wanted with what is. `inputs` are checked and may hold unknowns. */
export async function decide(
  handler: Handler,
  old: ResourceState | undefined,
  inputs: Props,
  options: DecideOptions,
): Promise<Decision> {
  if (old === undefined) return { op: "create", ...UNCHANGED };
  const found = await differ(handler, old, inputs);
  const reasons = [...new Set([...found.replaces, ...pathsUnder(found.changed, options.replaceOnChanges)])];
  if (found.changed.length === 0 && reasons.length === 0 && old.initErrors === undefined) {
    return { op: "same", ...UNCHANGED };
  }
  const diff = found.changed.length === 0 ? reasons : found.changed;
  if (reasons.length === 0 && handler.update !== undefined) {
    const stables = [...(handler.stableOutputs ?? []), ...(found.stables ?? [])];
    return { ...UNCHANGED, op: "update", diff, stables };
  }
  return {
    ...UNCHANGED,
    op: "replace",
    diff,
    replaceReasons: reasons.length === 0 ? diff : reasons,
    deleteBeforeReplace: options.deleteBeforeReplace ?? found.deleteBeforeReplace ?? keepsKey(handler, old, inputs),
  };
}

async function differ(handler: Handler, old: ResourceState, inputs: Props): Promise<Difference> {
  if (handler.diff !== undefined) {
    return handler.diff(existing(handler, old), handler.acceptsSecrets === true ? inputs : plain(inputs));
  }
  const changed = changedPaths(old.inputs, inputs);
  return { changed, replaces: pathsUnder(changed, handler.replaceOn) };
}

function keepsKey(handler: Handler, old: ResourceState, inputs: Props): boolean {
  return (
    handler.naturalKey !== undefined && handler.naturalKey(plain(old.inputs)) === handler.naturalKey(plain(inputs))
  );
}

/** The outputs that a preview can promise; what only the cloud can tell is left out or unknown. */
export function promised(
  handler: Handler,
  { op, stables }: Pick<Decision, "op" | "stables">,
  old: ResourceState | undefined,
  inputs: Props,
): Props {
  if (op === "same") return old!.outputs;
  if (op !== "update") return handler.promise?.(inputs) ?? inputs;
  const kept = Object.entries(old!.outputs).map(([key, value]) => {
    return [key, stables.includes(key) ? value : UNKNOWN] as const;
  });
  return { ...Object.fromEntries(kept), ...inputs };
}
