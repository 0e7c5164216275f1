import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { StoreRecord } from "../../runtime/contract/store";
import { loadStoreAsync } from "../../runtime/lib/catalogue/loadStore";

/** A shop's tokens as config has them: `tea-house=token, other=token`. */
const PAIR = /^([^=\s]+)=(\S+)$/;

/**
 * The records of a stack's stores: from their folders, and from Shopify where a manifest says so. Nothing is kept from one
 * run to the next, so a preview needs the network as an update does. What cannot be read ends the program before it asks
 * for anything.
 * @param tokens the shops' tokens for the Storefront API, by slug (config `shopifyStorefrontTokens`).
 */
export async function readStores(
  folder: string,
  slugs: readonly string[],
  tokens?: pulumi.Output<string>,
): Promise<StoreRecord[]> {
  const bySlug = tokensBySlug(tokens === undefined ? "" : await valueOf(tokens), slugs);
  return Promise.all(
    slugs.map(async (slug) => {
      const onProgress = (message: string): void => void pulumi.log.info(`Catalogue of ${slug}: ${message}`);
      const { record, skipped } = await loadStoreAsync(join(folder, slug), {
        accessToken: bySlug.get(slug),
        onProgress,
      });
      if (skipped.length > 0) void pulumi.log.warn(`Catalogue of ${slug}: ${skipped.length} faults, left out`);
      return record;
    }),
  );
}

function tokensBySlug(text: string, slugs: readonly string[]): ReadonlyMap<string, string> {
  const pairs = text.split(",").flatMap((part) => (part.trim() === "" ? [] : [PAIR.exec(part.trim()) ?? []]));
  const bySlug = new Map(pairs.map(([, slug = "", token = ""]) => [slug, token]));
  if ([...bySlug.keys()].some((slug) => !slugs.includes(slug))) {
    // Which one is not said: it may be a part of a token.
    throw new Error(
      `shopifyStorefrontTokens names a store that is not here; the stack's stores are ${slugs.join(", ")}`,
    );
  }
  return bySlug;
}

/** What an Output of config holds: it is there from the start. */
const valueOf = (output: pulumi.Output<string>): Promise<string> =>
  new Promise((resolve) => output.apply((value) => resolve(value)));
