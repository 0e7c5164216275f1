import { ByteLru } from "../cache/byteLru";

/** Pages that are begun in an hour for newcomers who look the same; a household or an office has fewer. */
const MOST = 30;
const WINDOW_MS = 3_600_000;
const MEMORY_BYTES = 2_000_000;
/** Generous for a key and a number. */
const TALLY_BYTES = 1_000;

const tallies = new ByteLru<{ pages: number }>(MEMORY_BYTES);

/**
 * Whether a page should be begun for somebody who has just got a name. A browser that gives no cookie back is somebody new
 * with every visit and sees none of the pages; beyond a number an hour, in each isolate, a newcomer's page waits for their
 * second visit, which shows that they keep their name. Known by address, kind of browser and shop, in memory alone.
 */
export function mayBegin(request: Request, store: string, now: number): boolean {
  const address = request.headers.get("CF-Connecting-IP");
  if (address === null) return true;
  // The first half of an IPv6 address is a connection's; browsers change the other by themselves.
  const connection = address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
  const key = [store, connection, (request.headers.get("User-Agent") ?? "").slice(0, 200)].join("|");
  const tally = tallies.get(key, now);
  if (tally === undefined) tallies.set(key, { pages: 1 }, TALLY_BYTES, now + WINDOW_MS);
  else tally.pages += 1;
  return tally === undefined || tally.pages <= MOST;
}
