import { createIsbotFromList, isbot, isbotPatterns, list } from "isbot";

/** Clients that people drive themselves: nobody's crawler, though a general list has them too. */
const TOOLS = ["node", "undici", "curl/8", "Wget/1", "python-requests/2", "axios/1", "HeadlessChrome"];

const ofTools = new Set(TOOLS.flatMap((agent) => isbotPatterns(agent)));
const isCrawler = createIsbotFromList(list.filter((pattern) => !ofTools.has(pattern)));

/**
 * Whether a request is a machine's own. One that names its shopper (by a link or our cookie) is a machine only when it is a
 * crawler: scripts and tests act for a shopper. One that names nobody is a machine for the whole of the list.
 */
export function isBot(userAgent: string | null, namesShopper: boolean): boolean {
  return namesShopper ? isCrawler(userAgent) : isbot(userAgent);
}
