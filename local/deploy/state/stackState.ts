import type { Props } from "../engine/values";

/** One resource as it exists, in the shape of Pulumi's own checkpoints. */
export interface ResourceState {
  urn: string;
  type: string;
  name: string;
  custom: boolean;
  /** What the cloud calls it; components have none. */
  id?: string;
  parent?: string;
  /** Checked inputs that led to this state. */
  inputs: Props;
  outputs: Props;
  /** URNs that this resource was made from; it has to go before they do. */
  dependencies: string[];
  protect: boolean;
  retainOnDelete: boolean;
  /** URN and id of its explicit provider, `urn::id`. */
  provider?: string;
  /** URN of a resource that takes this one along when it is deleted. */
  deletedWith?: string;
  /** Paths of inputs that the program leaves to others. */
  ignoreChanges?: string[];
  /** Why it does not work although it is there; the next `up` updates it even when no input changed. */
  initErrors?: string[];
  /** Was replaced by a newer resource of the same URN and waits to be deleted. */
  delete?: true;
}

/** A create that was begun; when it is still here at the next run, its outcome is unknown and has to be looked up. */
export interface PendingCreate {
  urn: string;
  type: string;
  name: string;
  parent?: string;
  inputs: Props;
  dependencies: string[];
}

/** All that is known of one stack. Resources are in the order they were made. */
export interface StackState {
  version: 1;
  project: string;
  stack: string;
  /** The account that the resources are in. */
  accountId?: string;
  resources: ResourceState[];
  pending: PendingCreate[];
}

export function emptyState(project: string, stack: string): StackState {
  return { version: 1, project, stack, resources: [], pending: [] };
}
