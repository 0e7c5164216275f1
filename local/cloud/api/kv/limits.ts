/** What Workers KV accepts (developers.cloudflare.com/kv/platform/limits). */
import { errors } from "../../refusals";

const MAX_KEY_BYTES = 512;
const MAX_VALUE_BYTES = 25 * 1024 * 1024;
const MAX_METADATA_BYTES = 1024;
const MIN_TTL_SECONDS = 60;

export interface KvEntry {
  key: string;
  value: string | Uint8Array;
  /** Seconds since 1970. */
  expiration?: number;
  /** Seconds. */
  expiration_ttl?: number;
  metadata?: unknown;
}

export function checkKey(key: string): void {
  if (key === "") throw errors.kvKey("keys must be non-empty");
  if (key === "." || key === "..") throw errors.kvKey(`'${key}' is not allowed`);
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES)
    throw errors.kvKey(`UTF-8 encoded length of ${bytes} exceeds key length limit of ${MAX_KEY_BYTES}`);
}

/** Refuses an entry that Workers KV would refuse. */
export function checkEntry(entry: KvEntry, now: Date): void {
  checkKey(entry.key);
  const bytes = Buffer.byteLength(entry.value);
  if (bytes > MAX_VALUE_BYTES) throw errors.kvValue(bytes, MAX_VALUE_BYTES);
  if (entry.metadata !== undefined) {
    const metadataBytes = Buffer.byteLength(JSON.stringify(entry.metadata));
    if (metadataBytes > MAX_METADATA_BYTES) throw errors.kvMetadata(metadataBytes, MAX_METADATA_BYTES);
  }
  const { expiration, expiration_ttl } = entry;
  if (expiration_ttl !== undefined) {
    if (!Number.isInteger(expiration_ttl) || expiration_ttl < MIN_TTL_SECONDS) throw errors.kvTtl(expiration_ttl);
  } else if (expiration !== undefined) {
    const earliest = Math.floor(now.getTime() / 1000) + MIN_TTL_SECONDS;
    if (!Number.isInteger(expiration) || expiration < earliest) throw errors.kvExpiration(expiration);
  }
}

/** The options of a binding's `put`; the time to live wins over the moment, as the API's description says. */
export function putOptions({ expiration, expiration_ttl, metadata }: KvEntry): KVNamespacePutOptions {
  return {
    ...(expiration_ttl !== undefined
      ? { expirationTtl: expiration_ttl }
      : expiration !== undefined
        ? { expiration }
        : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

interface KVNamespacePutOptions {
  expiration?: number;
  expirationTtl?: number;
  metadata?: unknown;
}
