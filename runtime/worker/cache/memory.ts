import type { CachedUI } from "../../contract/cachedUi";
import { ByteLru } from "./byteLru";

/** A page ready to be sent: of today's catalogue, whatever it was stored with. */
export interface ReadyPage {
  html: string;
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
  const bytes = 2 * (page.html.length + key.length); // a string may take two bytes for each of its units
  pages.set(key, page, bytes, Math.min(until, now + LONGEST_MS));
}

export const recallPage = (key: string, now: number): ReadyPage | undefined => pages.get(key, now);
