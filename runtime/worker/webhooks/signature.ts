import { isMacBy } from "../hmac";

/** Length of an HMAC-SHA-256. */
const MAC_BYTES = 32;

/**
 * Whether one of the secrets made this HMAC-SHA-256 of a body, in constant time. Without a secret nothing is right; what is
 * no MAC is wrong, not an error.
 */
export async function isSigned(
  secrets: readonly string[],
  body: ArrayBuffer,
  mac: Uint8Array<ArrayBuffer> | undefined,
): Promise<boolean> {
  return mac?.byteLength === MAC_BYTES && isMacBy(secrets, body, mac);
}

/** The bytes of standard base64 with its padding, as Shopify signs; undefined for anything else. */
export function fromBase64(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** The bytes of 64 hex digits, with or without `sha256=` before them; undefined for anything else. */
export function fromHex(text: string | undefined): Uint8Array<ArrayBuffer> | undefined {
  const digits = /^(?:sha256=)?([0-9a-f]{64})$/i.exec(text ?? "")?.[1];
  if (digits === undefined) return undefined;
  return Uint8Array.from({ length: MAC_BYTES }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}
