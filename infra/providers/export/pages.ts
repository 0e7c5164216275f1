import { orNothing } from "../../cloudflare";
import type { Context } from "../context";
import { patiently } from "./patience";

const PER_PAGE = 1000;

/** The pages of a list that goes on with a cursor. `path` has no query; `sizeName` is the query's word for a page's size. */
export async function* pagesOf<Item>(
  context: Pick<Context, "raw" | "sleep">,
  path: string,
  sizeName: "limit" | "per_page",
): AsyncGenerator<Item[]> {
  let cursor = "";
  do {
    const query = new URLSearchParams({ [sizeName]: String(PER_PAGE), ...(cursor === "" ? {} : { cursor }) });
    const page = await patiently(context, async () => {
      const answer = await context.raw("GET", `${path}?${query}`);
      return (await answer.json()) as { result: Item[] | null; result_info?: { cursor?: string } };
    });
    yield page.result ?? [];
    cursor = page.result_info?.cursor ?? "";
  } while (cursor !== "");
}

/** Whether there is a thing at this path of the API. */
export async function exists(context: Pick<Context, "api" | "sleep">, path: string): Promise<boolean> {
  return (await orNothing(patiently(context, () => context.api<object>("GET", path)))) !== undefined;
}
