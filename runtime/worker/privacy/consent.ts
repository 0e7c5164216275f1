import { parse, serialize } from "hono/utils/cookie";
import type { Env } from "../env";
import type { Log } from "../log";
import type { Session, ShopperName } from "../shopper/api";
import { readSession } from "../shopper/session";
import { shopperOf } from "../shopper/stub";
import type { Store } from "../stores/record";

/** Says no to personalisation in every store of the stack, and nothing of who said it. */
const REFUSAL = "wand_consent";
const REFUSED = "no";
const REFUSAL_SECONDS = 180 * 86_400;

/** What a page says of personalisation: that it is on, that it is off, or that the shop asks first. */
export type PrivacyState = "on" | "off" | "ask";

/** Whether the browser said no. */
export function hasRefused(request: Request): boolean {
  return parse(request.headers.get("Cookie") ?? "", REFUSAL)[REFUSAL] === REFUSED;
}

/**
 * The one rule: whether anything may be kept of a shopper, and a page made for them. A browser that refused is let alone
 * everywhere; a shop that asks first has to have been told yes.
 */
export function mayPersonalise(
  store: Pick<Store, "settings">,
  session: Pick<Session, "consent">,
  request: Request,
): boolean {
  if (hasRefused(request)) return false;
  return !store.settings.consent_required || session.consent === "granted";
}

/** As `mayPersonalise`, in the words of the page. */
export function privacyState(store: Pick<Store, "settings">, session: Session, request: Request): PrivacyState {
  if (hasRefused(request)) return "off";
  return mayPersonalise(store, session, request) ? "on" : "ask";
}

/**
 * The session to judge by. KV's copy may be a minute behind, so in a shop that asks first the shopper's object has the last
 * word on a yes that the copy lacks. Fails closed: when the object does not answer, there is no yes.
 */
export async function sessionToJudge(
  env: Env,
  store: Pick<Store, "settings">,
  { name, session, log }: { name: ShopperName; session: Session; log: Log },
): Promise<Session> {
  if (!store.settings.consent_required || session.consent === "granted") return session;
  try {
    return await shopperOf(env, name).session();
  } catch (error) {
    log.error("consent_not_read", error);
    return session;
  }
}

/** As `sessionToJudge`, from KV's copy or memory. A shop that does not ask is not read for. */
export async function mayTrack(
  env: Env,
  store: Pick<Store, "settings">,
  { name, request, log }: { name: ShopperName; request: Request; log: Log },
): Promise<boolean> {
  if (!store.settings.consent_required) return !hasRefused(request);
  const session = await sessionToJudge(env, store, { name, session: await readSession(env, name, log), log });
  return mayPersonalise(store, session, request);
}

/** The `Set-Cookie` that remembers a no for 180 days. */
export const refusalCookie = (https: boolean): string => serialize(REFUSAL, REFUSED, options(https, REFUSAL_SECONDS));

/** The `Set-Cookie` that forgets it. */
export const noRefusalCookie = (https: boolean): string => serialize(REFUSAL, "", options(https, 0));

const options = (https: boolean, maxAge: number) =>
  ({ httpOnly: true, maxAge, path: "/", sameSite: "Lax", secure: https }) as const;
