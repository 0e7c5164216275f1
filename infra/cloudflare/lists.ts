import type { CloudflareApi, CloudflareRaw } from "./api";

/** Most that Cloudflare gives in one page of the lists below. */
const PER_PAGE = 1000;

interface CursorPage<Item> {
  readonly result: Item[] | null;
  readonly result_info?: { readonly cursor?: string };
}

export interface CursorList {
  /** Without a query. */
  readonly path: string;
  /** The query's word for the size of a page: KV says `limit`, R2 `per_page`. */
  readonly size: "limit" | "per_page";
  /** Beginning of the keys that are wanted; all of them if left out. */
  readonly prefix?: string;
}

/**
 * The pages of a list that goes on with a cursor: the keys of a KV namespace, the objects of an R2 bucket.
 * @param patiently what asks for each page; by default it is asked once.
 * @throws CloudflareError when Cloudflare refuses or does not answer.
 */
export async function* pagesOf<Item>(
  raw: CloudflareRaw,
  { path, size, prefix = "" }: CursorList,
  patiently: <T>(ask: () => Promise<T>) => Promise<T> = (ask) => ask(),
): AsyncGenerator<Item[]> {
  let cursor = "";
  do {
    const query = new URLSearchParams({
      ...(prefix !== "" && { prefix }),
      [size]: String(PER_PAGE),
      ...(cursor !== "" && { cursor }),
    });
    const page = await patiently(async () => {
      const answer = await raw("GET", `${path}?${query}`);
      return (await answer.json()) as CursorPage<Item>;
    });
    yield page.result ?? [];
    cursor = page.result_info?.cursor ?? "";
  } while (cursor !== "");
}

/**
 * The KV namespaces of an account, id by title; as many pages are asked for as there are.
 * @throws CloudflareError when Cloudflare refuses or does not answer.
 */
export async function namespaceIds(api: CloudflareApi, accountId: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (let page = 1; ; page++) {
    const list = await api<{ id: string; title: string }[]>(
      "GET",
      `/accounts/${accountId}/storage/kv/namespaces?page=${page}&per_page=${PER_PAGE}`,
    );
    for (const { id, title } of list) ids.set(title, id);
    if (list.length < PER_PAGE) return ids;
  }
}
