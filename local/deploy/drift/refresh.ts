import { markSecrets, type Props } from "../engine/values";
import type { Handlers } from "../handlers/handler";
import type { ResourceState, StackState } from "../state/stackState";
import { TYPES } from "./closer";
import { readLive } from "./embedded";

/** What a refresh did to a resource of the state. */
export interface Refreshed {
  name: string;
  what: "changed" | "deleted";
  /** It was left as it was: no deployment can put it right. */
  left?: true;
}

/**
 * Takes into the state what the cloud has, as `pulumi refresh` does: the plan that follows sees what was changed by hand, and puts
 * it right. A changed list of migrations stays as it was: applying one a second time would fail, and what is lost with it would be
 * forgotten.
 */
export async function refresh(state: StackState, handlers: Handlers): Promise<Refreshed[]> {
  const reads = await readLive(state, handlers);
  const gone = new Set(reads.filter(({ live }) => live === undefined).map(({ resource }) => resource.urn));
  const done: Refreshed[] = [];
  for (const { resource, live } of reads) {
    const { name, type, dependencies } = resource;
    const isLost = type === TYPES.migrations && !dependencies.some((urn) => gone.has(urn));
    if (live === undefined && isLost) done.push({ name, what: "deleted", left: true });
    else if (live === undefined) {
      state.resources = state.resources.filter((other) => other !== resource);
      done.push({ name, what: "deleted" });
    } else if (live.changes.length > 0) {
      if (type === TYPES.migrations) done.push({ name, what: "changed", left: true });
      else {
        takeOver(resource, live, handlers.get(type)?.secretOutputs ?? []);
        done.push({ name, what: "changed" });
      }
    }
  }
  return done;
}

function takeOver(resource: ResourceState, live: { inputs: Props; outputs: Props }, always: readonly string[]): void {
  const before = { ...resource.outputs, ...resource.inputs };
  resource.inputs = markSecrets(live.inputs, before, []);
  resource.outputs = markSecrets(live.outputs, before, always);
}
