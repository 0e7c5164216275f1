import { readdirSync } from "node:fs";
import { orNothing } from "../../../infra/cloudflare";
import type { StackAccount } from "../release/account";
import type { Found } from "./found";
import type { Stray } from "./report";

type Named = Readonly<Record<string, unknown>>;

/** Lists of an account, and where each tells a thing's name and id. */
const LISTS: readonly { what: string; path: string; name: string; id: string; inside?: string }[] = [
  { what: "KV namespace", path: "storage/kv/namespaces?per_page=1000", name: "title", id: "id" },
  { what: "D1 database", path: "d1/database?per_page=1000", name: "name", id: "uuid" },
  { what: "R2 bucket", path: "r2/buckets?per_page=1000", name: "name", id: "name", inside: "buckets" },
  { what: "Worker", path: "workers/workers?per_page=100", name: "name", id: "id" },
  { what: "container application", path: "containers/applications", name: "name", id: "id" },
];

/**
 * Things that are called like parts of the stack and are in no state, such as what was made by hand, or left by a state that was
 * lost. Of each kind the first page is looked at.
 * @param stacks names of all stacks, because `wandstore-shop-…` may be of `shop` or of `shop-acme`.
 */
export async function findStrays(
  { api, accountId }: StackAccount,
  stack: string,
  stacks: readonly string[],
  known: readonly Pick<Found, "id">[],
): Promise<Stray[]> {
  const ids = new Set(known.map(({ id }) => id));
  const isOurs = (name: string): boolean => stackOf(name, [...stacks, stack]) === stack;
  const lists = await Promise.all(
    LISTS.map(async ({ what, path, name, id, inside }) => {
      const answer = await orNothing(api<unknown>("GET", `/accounts/${accountId}/${path}`));
      const list = (inside === undefined ? answer : (answer as Named | undefined)?.[inside]) ?? [];
      return (list as Named[]).map((one) => ({ what, name: String(one[name]), id: String(one[id]) }));
    }),
  );
  return lists.flat().filter((one) => isOurs(one.name) && !ids.has(one.id));
}

/** The stack whose names begin like this one: of several the longest. */
export function stackOf(name: string, stacks: readonly string[]): string | undefined {
  return stacks
    .filter((stack) => name.startsWith(`wandstore-${stack}-`))
    .toSorted((a, b) => b.length - a.length)
    .at(0);
}

/** Names of the stacks that have a file in the project. */
export function stackFiles(projectDir: string): string[] {
  return readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}
