import type { Env } from "../env";
import type { ShopperName } from "../shopper/api";
import { shopperOf } from "../shopper/stub";
import { storeSyncOf } from "../stores/stub";

/**
 * Whether a page that was made elsewhere may be one of somebody who was erased since it was asked for (milliseconds since 1970).
 * Who that was is remembered nowhere, only when it last happened in the store: so it may be anybody of whom nothing was known
 * before the page was asked for. A page too many that is refused is made on the next visit.
 */
export async function mayBeErased(env: Env, name: ShopperName, askedAt: number): Promise<boolean> {
  if ((await storeSyncOf(env, name.store).lastErasureAt()) < askedAt) return false;
  const since = await shopperOf(env, name).knownSince();
  return since === undefined || since > askedAt;
}
