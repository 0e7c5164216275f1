import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { storeKey } from "../../runtime/contract/keys";
import type { StoreRecord } from "../../runtime/contract/store";
import type { Settings } from "../config";
import type { EdgeStorage } from "./EdgeStorage";

export interface StoreCatalogueArgs {
  readonly settings: Pick<Settings, "accountId">;
  /** Has the KV namespace `STORES`. */
  readonly storage: Pick<EdgeStorage, "namespaceIds">;
  /** The stores, read already (`readStores`). */
  readonly records: readonly StoreRecord[];
}

/**
 * The shops of a stack, one KV entry each: brand, settings and the whole catalogue as the page needs it.
 *
 * @example
 * const catalogue = new StoreCatalogue("catalogue", { settings, storage, records: await readStores("stores", slugs) });
 */
export class StoreCatalogue extends pulumi.ComponentResource {
  /** Version of each store's catalogue. */
  readonly catalogues: Readonly<Record<string, pulumi.Output<string>>>;
  /** What needs the catalogues to be there has to wait for. */
  readonly entries: readonly pulumi.Resource[];

  constructor(name: string, args: StoreCatalogueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:StoreCatalogue", name, {}, opts);
    const { accountId } = args.settings;

    const entries = args.records.map((record) => {
      const entry = new cloudflare.WorkersKv(
        `${name}-${record.slug}`,
        {
          accountId,
          namespaceId: args.storage.namespaceIds.STORES,
          keyName: storeKey(record.slug),
          value: JSON.stringify(record),
        },
        { parent: this },
      );
      return { entry, slug: record.slug, version: entry.id.apply(() => record.catalogue.version) };
    });

    this.entries = entries.map(({ entry }) => entry);
    this.catalogues = Object.fromEntries(entries.map(({ slug, version }) => [slug, version]));
    this.registerOutputs({ catalogues: this.catalogues });
  }
}
