import type { Handlers } from "../handlers/handler";
import type { ResourceState, StackState } from "../state/stackState";
import { markSecrets, plain } from "./values";

/**
 * Settles the creates that an earlier run began and never finished: one that the cloud did make is taken into the state,
 * so that it is neither made twice nor forgotten. Answers with the names of those that were found.
 */
export async function recover(state: StackState, handlers: Handlers): Promise<string[]> {
  const found: string[] = [];
  for (const pending of state.pending) {
    const handler = handlers.get(pending.type);
    const inputs = handler?.acceptsSecrets === true ? pending.inputs : plain(pending.inputs);
    const made = await handler?.find?.(pending.urn, inputs);
    const known = state.resources.filter((resource) => resource.urn === pending.urn);
    if (handler !== undefined && made !== undefined && !known.some((resource) => resource.id === made.id)) {
      for (const old of known) old.delete = true; // the create was half of a replacement
      const resource: ResourceState = {
        ...pending,
        custom: true,
        id: made.id,
        outputs: markSecrets(made.outputs, pending.inputs, handler.secretOutputs ?? []),
        protect: false,
        retainOnDelete: false,
      };
      state.resources.push(resource);
      found.push(pending.name);
    }
  }
  state.pending = [];
  return found;
}
