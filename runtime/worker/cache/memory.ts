import type { CachedUI } from "../../contract/cachedUi";
import { ByteLru } from "./byteLru";

/** A page ready to be sent: of today's catalogue, whatever it was stored with. */
export interface ReadyPage {
  /** The document; in UTF-8 from its second use on, which is sent as it is. */
  body: Uint8Array | string;
  cspHash: string;
  personaType: string;
  personaHash: string;
  generatedAt: string;
  source: CachedUI["source"];
}

/** An isolate has 128 MB for everything. */
const CAPACITY_BYTES = 24 * 1024 * 1024;
/** A page stays in memory for no longer than this. */
const LONGEST_MS = 60_000;

const pages = new ByteLru<ReadyPage>(CAPACITY_BYTES);

export function rememberPage(key: string, page: ReadyPage, now: number, until: number = Infinity): void {
  // A string may take two bytes for each of its units.
  const bytes = (typeof page.body === "string" ? 2 : 1) * page.body.length + 2 * key.length;
  pages.set(key, page, bytes, Math.min(until, now + LONGEST_MS));
}

/** The page of a key. Most pages are shown once, so that the work of making bytes of a document waits for the second time. */
export function recallPage(key: string, now: number): ReadyPage | undefined {
  const page = pages.get(key, now);
  if (typeof page?.body === "string") page.body = new TextEncoder().encode(page.body);
  return page;
}

/** Forgets the pages whose key begins so; a page's key begins with its key in KV. */
export const forgetPages = (prefix: string): void => pages.deleteBeginning(prefix);
