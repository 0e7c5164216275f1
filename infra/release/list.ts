import { type CloudflareRaw, namespacePath, pagesOf } from "../cloudflare";
import { KEY_PREFIX, readRecord, type ReleaseRecord } from "./record";

export interface Releases {
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  /** One sentence for each record that cannot be read; the others count nevertheless. */
  readonly unreadable: readonly string[];
}

/** Most values that one request gives (Cloudflare's limit). */
const VALUES_AT_ONCE = 100;

/**
 * The release records of a stack. KV is eventually consistent: a record written less than a minute ago may be missing, and one
 * that was removed may still be named.
 * @param api the door that also gives pages of lists, `cloudflareRaw`.
 * @throws CloudflareError when Cloudflare refuses or does not answer.
 */
export async function listReleases(api: CloudflareRaw, accountId: string, namespaceId: string): Promise<Releases> {
  const keys = (await releaseKeys(api, accountId, namespaceId)).toReversed();
  const releases: ReleaseRecord[] = [];
  const unreadable: string[] = [];
  for (let at = 0; at < keys.length; at += VALUES_AT_ONCE) {
    const wanted = keys.slice(at, at + VALUES_AT_ONCE);
    const values = await releaseValues(api, accountId, namespaceId, wanted);
    for (const key of wanted) {
      const value = values[key];
      if (value === undefined || value === null) continue; // removed, and still named
      const read = readRecord(value);
      if ("record" in read) releases.push(read.record);
      else unreadable.push(`The release record ${key} ${read.problem}.`);
    }
  }
  return { releases, unreadable };
}

/** The keys of all records, oldest first. */
export async function releaseKeys(api: CloudflareRaw, accountId: string, namespaceId: string): Promise<string[]> {
  const keys: string[] = [];
  const list = { path: `${namespacePath(accountId, namespaceId)}/keys`, size: "limit", prefix: KEY_PREFIX } as const;
  for await (const page of pagesOf<{ name: string }>(api, list)) keys.push(...page.map(({ name }) => name));
  return keys.toSorted();
}

/** The values of at most 100 keys; null or nothing for one that is not there. */
export async function releaseValues(
  api: CloudflareRaw,
  accountId: string,
  namespaceId: string,
  keys: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await api(
    "POST",
    `${namespacePath(accountId, namespaceId)}/bulk/get`,
    { keys, type: "text" },
    { idempotent: true },
  );
  return ((await answer.json()) as { result: { values: Record<string, unknown> } }).result.values;
}
