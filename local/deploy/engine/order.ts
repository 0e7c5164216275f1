import type { ResourceState } from "../state/stackState";

/**
 * The order in which resources are deleted: each before everything it was made from, its parent and its provider
 * included. Resources that hang in a circle (which a state should not have) come in their order of making, reversed.
 */
export function deletionOrder(resources: readonly ResourceState[]): ResourceState[] {
  const order: ResourceState[] = [];
  const visited = new Set<ResourceState>();
  const usersOf = (urn: string) =>
    resources.filter(
      (r) => r.dependencies.includes(urn) || r.parent === urn || r.provider?.startsWith(`${urn}::`) === true,
    );
  const visit = (resource: ResourceState): void => {
    if (visited.has(resource)) return;
    visited.add(resource);
    for (const user of usersOf(resource.urn)) visit(user);
    order.push(resource);
  };
  for (const resource of resources.toReversed()) visit(resource);
  return order;
}

/** Those of the resources that nobody has to delete: what they live in is deleted too (Pulumi's `deletedWith`). */
export function takenAlong(gone: readonly ResourceState[]): Set<ResourceState> {
  const deleted = new Set(gone.filter((resource) => !resource.retainOnDelete).map(({ urn }) => urn));
  return new Set(gone.filter(({ deletedWith }) => deletedWith !== undefined && deleted.has(deletedWith)));
}
