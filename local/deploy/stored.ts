import { namesOf } from "../../infra/naming";
import {
  findPlaces,
  listStored,
  purgeStored,
  showStored,
  type Entry,
  type Filter,
  type Shown,
} from "../../infra/stored";
import type { StackAccount } from "./release/account";

export { isOfShop, KINDS, type Entry, type Filter, type Kind } from "../../infra/stored";

/** What a stack's runtime has written for shops and shoppers. */
export interface Stored {
  list(filter: Filter): AsyncGenerator<Entry>;
  /** `unknown`: no key of the runtime's looks like this. Undefined: nothing is kept under it. */
  show(key: string): Promise<Shown | "unknown" | undefined>;
  /** Removes entries but those of the deployment; answers with how many. */
  purge(entries: readonly Entry[]): Promise<number>;
}

/** Opens what is kept; undefined for a stack that is not deployed in this account. */
export async function openStored(account: StackAccount, stack: string): Promise<Stored | undefined> {
  const places = await findPlaces(account, namesOf(stack));
  if (Object.keys(places.namespaces).length === 0) return undefined;
  return {
    list: (filter) => listStored(account, places, filter),
    show: (key) => showStored(account, places, key),
    purge: (entries) => purgeStored(account, places, entries),
  };
}
