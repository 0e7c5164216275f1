const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

const importKey = (secret: string) =>
  crypto.subtle.importKey("raw", new TextEncoder().encode(secret), HMAC, false, ["sign", "verify"]);

const keys = new Map<string, ReturnType<typeof importKey>>();

/** The key of HMAC-SHA-256 that a secret is. A stack has a handful of secrets: each is made a key once. */
export function hmacKeyOf(secret: string): ReturnType<typeof importKey> {
  let key = keys.get(secret);
  if (key === undefined) keys.set(secret, (key = importKey(secret)));
  return key;
}

/** The secrets of a setting that may hold several, separated by commas, while one takes another's place. */
export const secretsOf = (setting: string | undefined): string[] =>
  (setting ?? "")
    .split(",")
    .map((secret) => secret.trim())
    .filter((secret) => secret !== "");

/** Bytes, as the platform's types have them that are in force: a Worker's, or those of its tests. */
type Bytes = Parameters<typeof crypto.subtle.verify>[3];

/** Whether any of the secrets made this HMAC-SHA-256 of the bytes, in constant time. */
export async function isMacBy(secrets: readonly string[], bytes: Bytes, mac: Bytes): Promise<boolean> {
  const verdicts = await Promise.all(
    secrets.map(async (secret) => crypto.subtle.verify("HMAC", await hmacKeyOf(secret), mac, bytes)),
  );
  return verdicts.includes(true);
}
