import { changesKey, generatedKey, jobKey, sessionKey, storeKey, uiKey } from "../../runtime/contract/keys";
import type { KV_BINDINGS } from "../../runtime/contract/bindings";

/** What the runtime keeps for shops and shoppers. `pages` are in KV and, for longer, in R2. */
export const KINDS = ["pages", "sessions", "jobs", "stores", "changes"] as const;
export type Kind = (typeof KINDS)[number];

/** Whether a kind is of the shop itself and no shopper's: what was deployed, and what the shop changed since. */
export const isOfShop = (kind: Kind): boolean => kind === "stores" || kind === "changes";

/** Which entries are meant; what is left out says nothing. */
export interface Filter {
  readonly kind?: Kind;
  readonly store?: string;
  readonly shopper?: string;
}

/** What a key says of its value. */
export interface Named {
  readonly kind: Kind;
  readonly store: string;
  /** Whose it is: a shopper's id, or `cohort`. A shop's own entry is nobody's. */
  readonly subject?: string;
  readonly personaHash?: string;
}

/** The KV namespace that keeps a kind. */
export const BINDING_OF = {
  pages: "UI_CACHE",
  sessions: "SHOPPER_SESSIONS",
  jobs: "GENERATION_QUEUE",
  stores: "STORES",
  changes: "STORES",
} as const satisfies Record<Kind, (typeof KV_BINDINGS)[number]>;

/** How a kind's keys begin, from the functions that make them. */
const PREFIX_OF: Readonly<Record<Kind, string>> = {
  pages: beginning(uiKey("", "", "")),
  sessions: beginning(sessionKey("", "")),
  jobs: beginning(jobKey("", "")),
  stores: beginning(storeKey("")),
  changes: beginning(changesKey("")),
};
/** How the keys of objects begin. */
export const OBJECT_PREFIX = generatedKey("", "").split(":")[0] ?? "";
const OBJECT_SUFFIX = ".html";

/** What a KV key names, or undefined for one that is none of the runtime's. */
export function readKey(key: string): Named | undefined {
  const kind = KINDS.find((one) => key.startsWith(PREFIX_OF[one]));
  if (kind === undefined) return undefined;
  const [store = "", subject, personaHash] = key.slice(PREFIX_OF[kind].length).split(":");
  return { kind, store, ...(subject !== undefined && { subject }), ...(personaHash !== undefined && { personaHash }) };
}

/** What an R2 key names: a page, or undefined. */
export function readObjectKey(key: string): Named | undefined {
  if (!key.startsWith(OBJECT_PREFIX) || !key.endsWith(OBJECT_SUFFIX)) return undefined;
  const [store = "", subject, personaHash] = key.slice(OBJECT_PREFIX.length, -OBJECT_SUFFIX.length).split(":");
  if (subject === undefined) return undefined;
  return { kind: "pages", store, subject, ...(personaHash !== undefined && { personaHash }) };
}

/** What keys of a kind have to begin with to pass the filter: the more it says, the less has to be listed. */
export function prefixOf(kind: Kind, { store, shopper }: Filter): string {
  if (store === undefined) return PREFIX_OF[kind];
  if (isOfShop(kind)) return PREFIX_OF[kind] + store;
  const ofStore = `${PREFIX_OF[kind]}${store}:`;
  return shopper === undefined ? ofStore : `${ofStore}${shopper}`;
}

/** The same for objects. */
export function objectPrefixOf({ store, shopper }: Filter): string {
  if (store === undefined) return OBJECT_PREFIX;
  return `${OBJECT_PREFIX}${store}:${shopper ?? ""}`;
}

/** Whether an entry is one of those that are meant. A prefix alone is not enough: `ab` begins `abc` too. */
export function isMeant(named: Named, { kind, store, shopper }: Filter): boolean {
  if (kind !== undefined && named.kind !== kind) return false;
  if (store !== undefined && named.store !== store) return false;
  return shopper === undefined || named.subject === shopper;
}

function beginning(empty: string): string {
  return `${empty.split(":")[0]}:`;
}
