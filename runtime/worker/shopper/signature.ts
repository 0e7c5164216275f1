import { decodeBase64Url, encodeBase64Url } from "hono/utils/encode";

/** 32 bytes, the length of an HMAC-SHA-256, in base64url without padding. */
const SIGNATURE = /^[A-Za-z0-9_-]{43}$/;

const keys = new Map<string, Promise<CryptoKey>>();

function keyOf(secret: string): Promise<CryptoKey> {
  let key = keys.get(secret);
  if (key === undefined) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    key = crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, ["sign", "verify"]);
    keys.set(secret, key);
  }
  return key;
}

/** HMAC-SHA-256 of a text with a stack's signing key, as base64url without padding. */
export async function sign(secret: string, text: string): Promise<string> {
  const mac = await crypto.subtle.sign("HMAC", await keyOf(secret), new TextEncoder().encode(text));
  return encodeBase64Url(mac).replace(/=+$/, "");
}

/** Whether a signature is right, in constant time. What is no base64url is wrong, not an error. */
export async function verify(secret: string, text: string, signature: string): Promise<boolean> {
  if (!SIGNATURE.test(signature)) return false;
  return crypto.subtle.verify("HMAC", await keyOf(secret), decodeBase64Url(signature), new TextEncoder().encode(text));
}

/** What a cookie's signature is over. */
export const cookieText = (shopper: string): string => `cookie:${shopper}`;
/** What `&sig=` of a link to a store is over. */
export const linkText = (store: string, shopper: string): string => `link:${store}:${shopper}`;
