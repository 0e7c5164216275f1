import type { Existing, Handler } from "../handlers/handler";
import type { ResourceState } from "../state/stackState";
import { plain } from "./values";

/** A resource of the state as its handler is given it. */
export function existing(handler: Handler, state: ResourceState): Existing {
  const open = handler.acceptsSecrets === true ? <T>(value: T) => value : plain;
  return { urn: state.urn, id: state.id ?? "", inputs: open(state.inputs), outputs: open(state.outputs) };
}
