import { bucketPath, type Cloudflare, namespaceIds, orNothing } from "../cloudflare";
import { KV_BINDINGS } from "../../runtime/contract/bindings";
import type { Names } from "../naming";

/** An account, and the way to ask it. */
export interface Door extends Pick<Cloudflare, "api" | "raw"> {
  readonly accountId: string;
}

/** Where a stack keeps what its runtime writes; what is not there is left out. */
export interface Places {
  readonly namespaces: Readonly<Partial<Record<(typeof KV_BINDINGS)[number], string>>>;
  readonly bucket?: string;
}

/** Finds the namespaces and the bucket of a stack by their names. */
export async function findPlaces({ api, accountId }: Door, names: Pick<Names, "kv" | "bucket">): Promise<Places> {
  const ids = await namespaceIds(api, accountId);
  const found = KV_BINDINGS.flatMap((binding) => {
    const id = ids.get(names.kv[binding]);
    return id === undefined ? [] : [[binding, id] as const];
  });
  const bucket = await orNothing(api<object>("GET", bucketPath(accountId, names.bucket)));
  return { namespaces: Object.fromEntries(found), ...(bucket !== undefined && { bucket: names.bucket }) };
}
