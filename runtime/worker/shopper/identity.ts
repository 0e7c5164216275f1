import { WandError } from "../../contract/errors";
import { COHORT, isShopperId } from "../../contract/store";
import type { Env } from "../env";
import { settingsOf } from "../settings";
import { isBot } from "./bots";
import { newShopperId, readCookie, writeCookie } from "./cookie";
import { linkText, verify } from "./signature";

/** Who asks: a shopper we know by name, somebody who gets a name with this answer, or nobody we keep anything of. */
export type Visitor =
  | { kind: "known"; shopper: string }
  | { kind: "new"; shopper: string; setCookie: string }
  | { kind: "anonymous" };

/** What a link or a body says of its shopper. */
export interface Named {
  shopper: string | undefined;
  sig: string | undefined;
}

const NOBODY: Named = { shopper: undefined, sig: undefined };

/** The `?shopper=` and `&sig=` of an address. */
export function namedBy(url: URL): Named {
  return { shopper: url.searchParams.get("shopper") ?? undefined, sig: url.searchParams.get("sig") ?? undefined };
}

/** Who a request comes from, without giving anybody a name; nobody for a crawler. Throws BAD_SHOPPER. */
export async function recognise(request: Request, env: Env, store: string, named: Named): Promise<string | undefined> {
  const shopper =
    named.shopper === undefined
      ? await shopperOfCookie(request, env)
      : await checkLink(env, store, named.shopper, named.sig);
  return shopper !== undefined && !isBot(request.headers.get("User-Agent"), true) ? shopper : undefined;
}

/** The shopper that the request's cookie names. */
export function shopperOfCookie(request: Request, env: Env): Promise<string | undefined> {
  return readCookie(request.headers.get("Cookie"), isHttps(request), env.SHOPPER_SIGNING_KEY);
}

/** As `recognise`, and a person without a name gets one. */
export async function identify(request: Request, env: Env, store: string): Promise<Visitor> {
  const named = request.url.includes("?") ? namedBy(new URL(request.url)) : NOBODY;
  const shopper = await recognise(request, env, store, named);
  if (shopper !== undefined) return { kind: "known", shopper };
  if (named.shopper !== undefined || isBot(request.headers.get("User-Agent"), false)) return { kind: "anonymous" };
  return newcomer(request, env);
}

/** A name for somebody who has none. */
export async function newcomer(request: Request, env: Env): Promise<Visitor & { kind: "new" }> {
  const shopper = newShopperId();
  const setCookie = await writeCookie(shopper, isHttps(request), env.SHOPPER_SIGNING_KEY);
  return { kind: "new", shopper, setCookie };
}

/** A link's shopper: signed by this stack, or unsigned where the stack allows that. Throws BAD_SHOPPER. */
export async function checkLink(env: Env, store: string, shopper: string, sig: string | undefined): Promise<string> {
  const refuse = (message: string): never => {
    throw new WandError("BAD_SHOPPER", message, { field: sig === undefined ? "shopper" : "sig" });
  };
  if (!isShopperId(shopper)) {
    refuse(`A shopper's id has 1 to 64 letters, digits, hyphens and underscores, and is not "${COHORT}".`);
  }
  if (sig === undefined) {
    if (!settingsOf(env).UNSIGNED_LINKS) refuse("A link that names a shopper has to be signed here (&sig=).");
  } else if (!(await verify(env.SHOPPER_SIGNING_KEY, linkText(store, shopper), sig))) {
    refuse("The link's signature is not right for this store and shopper.");
  }
  return shopper;
}

export const isHttps = (request: Request): boolean => request.url.startsWith("https:");

/** For a request that is about a shopper, and names none. */
export const noShopper = (): WandError =>
  new WandError("BAD_SHOPPER", "Say which shopper: by the cookie of a storefront, or by ?shopper=.", {
    field: "shopper",
  });
