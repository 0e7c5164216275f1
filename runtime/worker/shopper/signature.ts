import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";
import { hmacKeyOf, isMacBy, secretsOf } from "../hmac";

/** 32 bytes, the length of an HMAC-SHA-256, in base64url without padding. */
const SIGNATURE = /^[A-Za-z0-9_-]{43}$/;

/** Signatures that were found right: the cookie of somebody who looks around comes with each page. Wrong ones are not kept. */
const right = new Set<string>();
const MOST_RIGHT = 2_000;

function remember(known: string): void {
  if (right.size >= MOST_RIGHT) right.clear();
  right.add(known);
}

/** HMAC-SHA-256 of a text with a stack's signing key, the first where there are several, as base64url without padding. */
export async function sign(secret: string, text: string): Promise<string> {
  const [newest = ""] = secretsOf(secret);
  const mac = await crypto.subtle.sign("HMAC", await hmacKeyOf(newest), new TextEncoder().encode(text));
  return encodeBase64Url(mac).replace(/=+$/, "");
}

/**
 * Whether a signature is right by any of a stack's signing keys, in constant time: while one takes another's place, what the
 * former one signed is still good. What is no base64url is wrong, not an error.
 */
export async function verify(secret: string, text: string, signature: string): Promise<boolean> {
  if (!SIGNATURE.test(signature)) return false;
  const known = `${secret} ${text} ${signature}`;
  if (right.has(known)) return true;
  const isRight = await isMacBy(secretsOf(secret), new TextEncoder().encode(text), decodeBase64Url(signature));
  if (isRight) remember(known);
  return isRight;
}

/** What a cookie's signature is over. */
export const cookieText = (shopper: string): string => `cookie:${shopper}`;
/** What `&sig=` of a link to a store is over. */
export const linkText = (store: string, shopper: string): string => `link:${store}:${shopper}`;
