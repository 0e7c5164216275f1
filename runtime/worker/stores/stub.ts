import type { Env } from "../env";
import type { StoreSyncApi } from "./api";

/** The Durable Object of a store's changes. */
export const storeSyncOf = (env: Env, store: string): DurableObjectStub<StoreSyncApi> =>
  env.STORE_SYNC.get(env.STORE_SYNC.idFromName(store));
