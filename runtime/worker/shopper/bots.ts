import { createIsbotFromList, isbotPatterns, list } from "isbot";
import { few } from "../cache/few";

/** The maintained list without what it says of these clients. */
function without(...agents: string[]): (userAgent: string | null) => boolean {
  const left = new Set(agents.flatMap((agent) => isbotPatterns(agent)));
  return createIsbotFromList(list.filter((pattern) => !left.has(pattern)));
}

/** A browser without a screen keeps cookies and runs scripts as any other. */
const BROWSERS = ["HeadlessChrome"];
/** HTTP clients that people drive themselves. */
const TOOLS = ["node", "undici", "curl/8", "Wget/1", "python-requests/2", "axios/1"];

/** Browsers have few different names, and the list is long. */
const judged = few<{ crawler: boolean; machine: boolean }>(500);
const isMachine = without(...BROWSERS);
const isCrawler = without(...BROWSERS, ...TOOLS);

/**
 * Whether a request is a machine's own. One that names its shopper (by a link or our cookie) is a machine's only when it is
 * a crawler's: scripts act for a shopper. One that names nobody is a machine's for HTTP clients too.
 */
export function isBot(userAgent: string | null, namesShopper: boolean): boolean {
  if (userAgent === null) return namesShopper ? isCrawler(null) : isMachine(null);
  const { crawler, machine } = judged(userAgent, () => ({
    crawler: isCrawler(userAgent),
    machine: isMachine(userAgent),
  }));
  return namesShopper ? crawler : machine;
}
