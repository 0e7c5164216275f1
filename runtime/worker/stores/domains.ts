import * as z from "zod";
import { storeKey } from "../../contract/keys";
import type { Env } from "../env";
import { Directory } from "./directory";
import { storesOf } from "./list";

const Names = z.object({ shop_url: z.url(), shopify_domain: z.string().optional() });

const directory = new Directory();

/** The store of a shop, by its domain at Shopify or by the host of its own address; undefined when there is none. */
export const storeOfDomain = (env: Env, domain: string): Promise<string | undefined> =>
  directory.find(domain, () => domainsOf(env), Date.now());

/** Domains of every store. One after the other: records may be large, and an isolate has 128 MB. */
async function domainsOf(env: Env): Promise<Map<string, string>> {
  const atShopify = new Map<string, string>();
  const hosts = new Map<string, string>();
  for (const slug of await storesOf(env)) {
    const names = Names.safeParse(await env.STORES.get(storeKey(slug), "json"));
    if (!names.success) continue;
    const { shop_url: url, shopify_domain: domain } = names.data;
    if (domain !== undefined) atShopify.set(domain, slug);
    hosts.set(new URL(url).host, slug);
  }
  return new Map([...hosts, ...atShopify]);
}
