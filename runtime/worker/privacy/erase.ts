import { generatedKey, jobKey, sessionKey, uiKey, uiPrefix } from "../../contract/keys";
import { forgetPages } from "../cache/memory";
import type { Env } from "../env";
import { keysOf } from "../listing";
import type { Log } from "../log";
import { membersOf, queueOf } from "../pool/members";
import { forgetSession } from "../shopper/session";
import { shopperOf } from "../shopper/stub";
import { storesOf } from "../stores/list";
import { storeSyncOf } from "../stores/stub";
import { Parts } from "./parts";
import { forgetShopper, forgetStore, pageKeysOf } from "./rows";

/**
 * Removes all that is kept of a shopper in these stores, or in all that the stack has or had: rows, keys, objects, jobs. One
 * that runs meanwhile delivers nothing. Doing it again does what is left. Other isolates may still show a page for the minute
 * that they remember it.
 *
 * Throws ERASURE_INCOMPLETE, naming the parts, when something could not be removed.
 */
export async function eraseShopper(
  env: Env,
  shopper: string,
  stores: readonly string[] | "all",
  log: Log,
): Promise<void> {
  const parts = new Parts(log);
  // KV lists a key only a while after it was written, D1 has it at once.
  let pageKeys: string[] = [];
  await parts.run("records", async () => void (pageKeys = await pageKeysOf(env.DB, shopper)));

  const where = new Set(stores === "all" ? pageKeys.map((key) => key.split(":")[1] ?? "") : stores);
  if (stores === "all") {
    await parts.run("stores", async () => (await storesOf(env)).forEach((store) => where.add(store)));
  }
  await Promise.all([...where].map((store) => eraseIn(store, shopper, pageKeys, { env, parts })));

  await parts.run("records", async () => {
    if (stores === "all") return forgetShopper(env.DB, shopper);
    for (const store of stores) await forgetStore(env.DB, store, shopper);
  });
  parts.check();
}

async function eraseIn(
  store: string,
  shopper: string,
  pageKeys: readonly string[],
  { env, parts }: { env: Env; parts: Parts },
): Promise<void> {
  const name = { store, shopper };
  const prefix = uiPrefix(store, shopper);
  // Before what a late page would bring back: from here on none is taken that was asked for until now.
  await parts.run("data requests", () => storeSyncOf(env, store).forget(shopper));
  // Then the profile, since it asks for pages by itself; then the jobs: what runs from here on loses its lease and writes nothing
  // of what is removed below.
  const keys = new Set(pageKeys.filter((key) => key.startsWith(prefix)));
  await parts.run("profile", async () => {
    const page = await shopperOf(env, name).erase(name);
    if (page !== null) keys.add(uiKey(store, shopper, page.persona_hash)); // one by a webhook is in no record
  });
  await parts.run("jobs", () =>
    Promise.all(membersOf(env).map((member) => queueOf(env, member).forget(store, shopper))),
  );
  await Promise.all([
    parts.run("session", () => env.SHOPPER_SESSIONS.delete(sessionKey(store, shopper))),
    parts.run("job records", () => env.GENERATION_QUEUE.delete(jobKey(store, shopper))),
    parts.run("stored page", () => env.UI_STORAGE.delete(generatedKey(store, shopper))),
    parts.run("pages", async () => {
      for await (const key of keysOf(env.UI_CACHE, prefix)) keys.add(key);
      await Promise.all([...keys].map((key) => env.UI_CACHE.delete(key)));
    }),
  ]);
  forgetPages(prefix);
  forgetSession(name);
}
