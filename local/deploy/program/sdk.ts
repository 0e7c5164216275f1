import type { AsyncLocalStorage } from "node:async_hooks";

/**
 * The parts of the SDK's runtime that run a program in a process that runs others too. The SDK marks them as internal
 * and leaves them out of its types; its Automation API uses them for the same purpose (automation/server.js).
 */
export interface ProgramStore {
  settings: { engine?: unknown };
}

interface RuntimeState {
  LocalStore: new () => ProgramStore;
  getPendingResourceRegistrations(): Map<unknown, { name?: string; type?: string }>;
}

const state = require("@pulumi/pulumi/runtime/state") as RuntimeState;
const storage = (globalThis as unknown as { asyncLocalStorage: AsyncLocalStorage<ProgramStore> }).asyncLocalStorage;

export const newStore = (): ProgramStore => new state.LocalStore();
/** The store of the program that the current code belongs to, if it belongs to one. */
export const currentStore = (): ProgramStore | undefined => storage.getStore();
export const runIn = <T>(store: ProgramStore, work: () => T): T => storage.run(store, work);

/** Resources that were declared and have not reached the engine: they wait for some input. */
export function waitingResources(store: ProgramStore): string[] {
  return runIn(store, () =>
    [...state.getPendingResourceRegistrations().values()].map(({ name = "?", type = "?" }) => `${name} (${type})`),
  );
}
