import type { CachedUI } from "../../contract/cachedUi";
import { ByteLru } from "./byteLru";
import { PackedDocument } from "./packedPage";

/** A document: its text, its bytes in UTF-8, or those packed. */
export type Document = string | Uint8Array | PackedDocument;

/** A document's bytes in UTF-8. */
export function bytesOf(document: Document): Uint8Array {
  if (typeof document === "string") return new TextEncoder().encode(document);
  return document instanceof PackedDocument ? document.bytes() : document;
}

/** A page ready to be sent: of today's catalogue, whatever it was stored with. */
export interface ReadyPage {
  /** The document; in UTF-8 from its second use on, which is sent as it is. */
  body: Document;
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
  pages.set(key, page, roomOf(page.body) + 2 * key.length, Math.min(until, now + LONGEST_MS));
}

/** The page of a key. Most pages are shown once, so that the work of making bytes of a document waits for the second time. */
export function recallPage(key: string, now: number): ReadyPage | undefined {
  const page = pages.get(key, now);
  if (page !== undefined) page.body = bytesOf(page.body);
  return page;
}

/** How much a document packs together, at most: what it takes when it is shown again. */
const UNPACKED = 6;

/** Bytes that a document takes in memory, at most. */
function roomOf(document: Document): number {
  if (typeof document === "string") return 2 * document.length;
  return document instanceof PackedDocument ? UNPACKED * document.gzip.length : document.length;
}

/** Forgets the pages whose key begins so; a page's key begins with its key in KV. */
export const forgetPages = (prefix: string): void => pages.deleteBeginning(prefix);
