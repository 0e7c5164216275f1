import { type CursorList, orNothing, pagesOf as pages } from "../../cloudflare";
import type { Context } from "../context";
import { patiently } from "./patience";

/** The pages of a list that goes on with a cursor, each asked for with an export's patience. */
export const pagesOf = <Item>(context: Pick<Context, "raw" | "sleep">, list: CursorList): AsyncGenerator<Item[]> =>
  pages<Item>(context.raw, list, (ask) => patiently(context, ask));

/** Whether there is a thing at this path of the API. */
export async function exists(context: Pick<Context, "api" | "sleep">, path: string): Promise<boolean> {
  return (await orNothing(patiently(context, () => context.api<object>("GET", path)))) !== undefined;
}
