import { storeKey } from "../../contract/keys";
import { STORE_SLUG_PATTERN } from "../../contract/store";
import type { Env } from "../env";
import { keysOf } from "../listing";

/** Slugs of the stack's stores, sorted as KV has them. */
export async function storesOf(env: Env): Promise<string[]> {
  const prefix = storeKey("");
  const slugs: string[] = [];
  for await (const key of keysOf(env.STORES, prefix)) slugs.push(key.slice(prefix.length));
  return slugs.filter((slug) => STORE_SLUG_PATTERN.test(slug));
}
