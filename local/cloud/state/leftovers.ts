/**
 * Removal in two places: the metadata forgets first, then the host removes the data. What a crash leaves between the two is
 * written down in the same transaction, and removed at the next start.
 */
import type { Host } from "../host";
import type { LeftoverDoc, State } from "./model";

const idOf = ({ what, name }: LeftoverDoc): string => `${what}:${name}`;

/** Forgets a resource (`forget`, one transaction) and then removes its data. */
export async function removeWithData(state: State, host: Host, data: LeftoverDoc, forget: () => void): Promise<void> {
  state.transaction(() => {
    forget();
    state.leftovers.put(idOf(data), data);
  });
  await removeLeftover(state, host, data);
}

/** Removes what earlier runs could not; never the data of a resource that was made again under the same name. */
export async function removeLeftovers(state: State, host: Host): Promise<void> {
  for (const data of state.leftovers.list()) {
    if (existsAgain(state, data)) state.leftovers.delete(idOf(data));
    else await removeLeftover(state, host, data);
  }
}

function existsAgain(state: State, { what, name }: LeftoverDoc): boolean {
  if (what === "r2") return state.r2.get(name) !== undefined;
  if (what === "worker") return state.workers.find((worker) => worker.name === name) !== undefined;
  return false; // the ids of the others are never given twice
}

async function removeLeftover(state: State, host: Host, { what, name }: LeftoverDoc): Promise<void> {
  switch (what) {
    case "kv":
      await host.deleteKv(name);
      break;
    case "d1":
      await host.deleteD1(name);
      break;
    case "r2":
      await host.deleteR2(name);
      break;
    case "worker":
      await host.removeWorker(name);
      break;
  }
  state.leftovers.delete(idOf({ what, name }));
}
