import { isNotFound, type Cloudflare } from "../cloudflare";
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

const PER_PAGE = 1000;

/** Finds the namespaces and the bucket of a stack by their names. */
export async function findPlaces({ api, accountId }: Door, names: Pick<Names, "kv" | "bucket">): Promise<Places> {
  const ids = new Map<string, string>();
  for (let page = 1; ; page++) {
    const list = await api<{ id: string; title: string }[]>(
      "GET",
      `/accounts/${accountId}/storage/kv/namespaces?page=${page}&per_page=${PER_PAGE}`,
    );
    for (const { id, title } of list) ids.set(title, id);
    if (list.length < PER_PAGE) break;
  }
  const found = KV_BINDINGS.flatMap((binding) => {
    const id = ids.get(names.kv[binding]);
    return id === undefined ? [] : [[binding, id] as const];
  });
  const hasBucket = await api("GET", `/accounts/${accountId}/r2/buckets/${names.bucket}`).then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    },
  );
  return { namespaces: Object.fromEntries(found), ...(hasBucket && { bucket: names.bucket }) };
}
