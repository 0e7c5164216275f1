/**
 * Which Workers and data run in one workerd: those that share data or call each other. What is apart stays apart, so that a
 * change of one Worker disturbs no other, and no two processes open the same data.
 */
import { ownerOf } from "./beside";
import type { HostBinding, WorkerSpec } from "./types";

/** Names a Worker or a resource: `worker:shop`, `kv:0f…`, `d1:…`, `r2:…`, `do:…`. */
export type Key = `${"worker" | "kv" | "d1" | "r2" | "do"}:${string}`;

export interface GroupPlan {
  keys: ReadonlySet<Key>;
  workers: WorkerSpec[];
  /** Two plans with the same fingerprint run the same. */
  fingerprint: string;
}

/** The group that holds `key`, with all that is connected to it. */
export function planGroup(key: Key, specs: ReadonlyMap<string, WorkerSpec>): GroupPlan {
  const neighbours = connections(specs);
  const keys = new Set<Key>([key]);
  for (const reached of keys) for (const next of neighbours.get(reached) ?? []) keys.add(next); // a Set's loop sees what it gains
  const workers = [...specs.values()].filter((spec) => keys.has(`worker:${spec.name}`));
  return { keys, workers, fingerprint: JSON.stringify([[...keys].toSorted(), workers.map(withoutImages)]) };
}

/** A class has containers or it has none; which image they run is the engine's affair, and no reason to start workerd anew. */
function withoutImages(spec: WorkerSpec) {
  const classes = spec.durableObjects.map(({ container, ...rest }) => ({
    ...rest,
    container: container !== undefined,
  }));
  return { ...spec, durableObjects: classes };
}

function connections(specs: ReadonlyMap<string, WorkerSpec>): Map<Key, Set<Key>> {
  const found = new Map<Key, Set<Key>>();
  const add = (from: Key, to: Key) => found.set(from, (found.get(from) ?? new Set()).add(to));
  for (const spec of specs.values()) {
    const own: Key = `worker:${spec.name}`;
    const owner = ownerOf(spec.name);
    const others = [
      ...spec.bindings.flatMap(bound),
      ...spec.durableObjects.map((one): Key => `do:${one.namespaceId}`),
      ...(owner === undefined ? [] : [`worker:${owner}` as const]), // its versions start and stop together
    ];
    for (const other of others) {
      add(own, other);
      add(other, own);
    }
  }
  return found;
}

function bound(binding: HostBinding): Key[] {
  switch (binding.type) {
    case "kv":
      return [`kv:${binding.namespaceId}`];
    case "d1":
      return [`d1:${binding.databaseId}`];
    case "r2":
      return [`r2:${binding.bucketName}`];
    case "service":
      return [`worker:${binding.service}`];
    case "durableObject":
      return binding.scriptName === undefined ? [] : [`worker:${binding.scriptName}`];
    default:
      return [];
  }
}
