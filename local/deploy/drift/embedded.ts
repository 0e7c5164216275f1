import { existing } from "../engine/existing";
import type { Handlers, Live } from "../handlers/handler";
import type { ResourceState, StackState } from "../state/stackState";
import type { Found } from "./found";

/** Resources that are asked for side by side. */
const AT_ONCE = 6;

/** A resource of the state, and what the cloud has of it. */
export interface Read {
  resource: ResourceState;
  found: Found;
  /** Undefined where it is gone. */
  live: Live | undefined;
}

/** Asks the cloud for every resource of a state that it can have changed. */
export async function readLive({ resources }: StackState, handlers: Handlers): Promise<Read[]> {
  const readable = resources.filter(({ type, custom, delete: waits }) => {
    return custom && waits !== true && handlers.get(type)?.read !== undefined;
  });
  const reads = new Map<ResourceState, Read>();
  const left = readable.values();
  const readInTurn = async (): Promise<void> => {
    for (const resource of left) reads.set(resource, await readOne(resource, handlers));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readInTurn));
  return readable.map((resource) => reads.get(resource)!);
}

async function readOne(resource: ResourceState, handlers: Handlers): Promise<Read> {
  const { urn, type, name, id = "", dependencies, inputs, outputs, ignoreChanges = [] } = resource;
  const handler = handlers.get(type)!;
  const live = await handler.read!(existing(handler, resource));
  const { secretOutputs = [] } = handler;
  const found: Found = {
    urn,
    type,
    name,
    id,
    dependencies,
    inputs,
    outputs,
    ignoreChanges,
    secretOutputs,
    live: live === undefined ? "deleted" : live.changes,
  };
  return { resource, found, live };
}
