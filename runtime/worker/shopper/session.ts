import { parse } from "hono/utils/cookie";
import { sessionKey } from "../../contract/keys";
import { UNKNOWN_PERSONA } from "../../lib/persona/detect";
import { ByteLru } from "../cache/byteLru";
import type { Env } from "../env";
import type { Log } from "../log";
import { SessionSchema, type Session, type ShopperName } from "./api";
import { shopperOf } from "./stub";

export const NEW_SESSION: Session = { version: 1, persona: UNKNOWN_PERSONA, page: null };

/**
 * A session whose page is made is believed for this long without asking KV, whose own copies are up to a minute old: a shopper
 * who looks around costs one read of it in ten seconds, and not one before that of each page.
 */
const CURRENT_MS = 10_000;
const MEMORY_BYTES = 2_000_000;
/** Generous: a session's text is some 300 bytes. */
const SESSION_BYTES = 1_000;

const remembered = new ByteLru<Session>(MEMORY_BYTES);

/** Set by the page's script (runtime/client) when the page it offered is opened: milliseconds since 1970 at which that was made. */
const TOLD_COOKIE = "wand_told";

/** When the page was made that this browser was last told of, milliseconds since 1970; 0 for none. */
export function toldOf(request: Request, now: number): number {
  const header = request.headers.get("Cookie");
  if (header === null || !header.includes(TOLD_COOKIE)) return 0;
  const at = Number(parse(header, TOLD_COOKIE)[TOLD_COOKIE]);
  return at > 0 && at <= now ? at : 0;
}

/**
 * A shopper's session from memory or KV; a new one where there is none. Fails open: a broken KV is a new session. KV's copy may
 * be a minute behind: one that does not know of the page that the shopper was told of (`toldAt`) is read from their object.
 */
export async function readSession(
  env: Env,
  name: ShopperName,
  log: Log,
  { now = Date.now(), toldAt = 0 }: { now?: number; toldAt?: number } = {},
): Promise<Session> {
  const copy = await readCopy(env, name, log, now);
  if (toldAt === 0 || Date.parse(copy.page?.generated_at ?? "") >= toldAt) return copy;
  try {
    return await shopperOf(env, name).session();
  } catch (error) {
    log.error("session_not_read", error);
    return copy;
  }
}

async function readCopy(env: Env, name: ShopperName, log: Log, now: number): Promise<Session> {
  const key = sessionKey(name.store, name.shopper);
  const before = remembered.get(key, now);
  if (before !== undefined) return before;
  try {
    return SessionSchema.safeParse(await env.SHOPPER_SESSIONS.get(key, "json")).data ?? NEW_SESSION;
  } catch (error) {
    log.error("session_not_read", error);
    return NEW_SESSION;
  }
}

/**
 * Keeps a session for a moment: one whose page is there (while a page is being made, each visit has to look), or one that
 * has just changed, since its copy in KV may be a second behind.
 */
export function rememberSession(name: ShopperName, session: Session, now: number = Date.now()): void {
  const key = sessionKey(name.store, name.shopper);
  // Not for longer by being used: whoever comes more often than that would never be looked up again.
  if (remembered.get(key, now) !== session) remembered.set(key, session, SESSION_BYTES, now + CURRENT_MS);
}

/** Forgets a shopper's session, or those of all shoppers of a store. */
export const forgetSession = (name: ShopperName): void => remembered.delete(sessionKey(name.store, name.shopper));
export const forgetSessions = (store: string): void => remembered.deleteBeginning(sessionKey(store, ""));
