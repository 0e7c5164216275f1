import { jobKey, sessionKey, storeGeneratedPrefix, storePagesPrefix } from "../../contract/keys";
import { COHORT } from "../../contract/store";
import { forgetPages } from "../cache/memory";
import type { Env } from "../env";
import { keysOf, objectsOf } from "../listing";
import type { Log } from "../log";
import { membersOf, queueOf } from "../pool/members";
import { forgetSessions } from "../shopper/session";
import { shopperOf } from "../shopper/stub";
import { storeSyncOf } from "../stores/stub";
import { Parts } from "./parts";
import { forgetStore, shoppersOf } from "./rows";

/** Shoppers, or keys, that are erased side by side. */
const AT_ONCE = 50;

/**
 * Removes all that is kept of all shoppers of a store, its cohorts' pages too; the store itself stays. It goes by what KV
 * and D1 list, and removes these lists last: doing it again does what is left.
 *
 * Throws ERASURE_INCOMPLETE, naming the parts, when something could not be removed.
 */
export async function eraseStore(env: Env, store: string, log: Log): Promise<void> {
  const parts = new Parts(log);
  await parts.run("late pages", () => storeSyncOf(env, store).noteErasure());
  const forgetJobs = () => Promise.all(membersOf(env).map((member) => queueOf(env, member).forget(store)));
  await parts.run("jobs", forgetJobs);
  await parts.run("profiles", async () => {
    const shoppers = await everybodyOf(env, store);
    await inTurn(shoppers, (shopper) => shopperOf(env, { store, shopper }).erase({ store, shopper }));
  });
  // A profile may have asked for a page until it was erased.
  await parts.run("jobs", forgetJobs);
  // A profile that is still there has to be found again.
  parts.check();

  await Promise.all([
    parts.run("stored pages", async () => {
      for await (const keys of objectsOf(env.UI_STORAGE, storeGeneratedPrefix(store)))
        await env.UI_STORAGE.delete(keys);
    }),
    parts.run("pages", () => emptyOf(env.UI_CACHE, storePagesPrefix(store))),
    parts.run("job records", () => emptyOf(env.GENERATION_QUEUE, jobKey(store, ""))),
    parts.run("sessions", () => emptyOf(env.SHOPPER_SESSIONS, sessionKey(store, ""))),
    parts.run("records", () => forgetStore(env.DB, store)),
  ]);
  forgetPages(storePagesPrefix(store));
  forgetSessions(store);
  parts.check();
}

/** Ids of all shoppers of whom there is anything; their objects cannot be listed, so they are known by everything else. */
async function everybodyOf(env: Env, store: string): Promise<string[]> {
  const everybody = new Set(await shoppersOf(env.DB, store));
  for await (const key of keysOf(env.SHOPPER_SESSIONS, sessionKey(store, ""))) everybody.add(key.split(":")[2] ?? "");
  for await (const key of keysOf(env.GENERATION_QUEUE, jobKey(store, ""))) everybody.add(key.split(":")[2] ?? "");
  for await (const key of keysOf(env.UI_CACHE, storePagesPrefix(store))) everybody.add(key.split(":")[2] ?? "");
  everybody.delete(COHORT);
  return [...everybody];
}

async function emptyOf(namespace: KVNamespace, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const key of keysOf(namespace, prefix)) keys.push(key);
  await inTurn(keys, (key) => namespace.delete(key));
}

async function inTurn(all: readonly string[], work: (one: string) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < all.length; at += AT_ONCE) await Promise.all(all.slice(at, at + AT_ONCE).map(work));
}
