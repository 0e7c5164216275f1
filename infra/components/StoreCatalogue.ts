import { join } from "node:path";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { storeKey } from "../../runtime/contract/keys";
import { loadStore } from "../../runtime/lib/catalogue/loadStore";
import type { EdgeStorage } from "./EdgeStorage";

export interface StoreCatalogueArgs {
  readonly accountId: string;
  /** Has the KV namespace `STORES`. */
  readonly storage: Pick<EdgeStorage, "namespaceIds">;
  /** Folder that has a folder for each store. */
  readonly folder: string;
  readonly stores: readonly string[];
}

/**
 * The shops of a stack, one KV entry each: brand, settings and the whole catalogue as the page needs it. A store that
 * cannot be loaded stops the program before it makes anything of it.
 *
 * @example
 * const catalogue = new StoreCatalogue("catalogue", { accountId, storage, folder: "stores", stores: ["magic-wands"] });
 */
export class StoreCatalogue extends pulumi.ComponentResource {
  /** Version of each store's catalogue. */
  readonly catalogues: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: StoreCatalogueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:StoreCatalogue", name, {}, opts);
    const records = args.stores.map((slug) => loadStore(join(args.folder, slug)).record);

    const entries = records.map((record) => {
      const entry = new cloudflare.WorkersKv(
        `${name}-${record.slug}`,
        {
          accountId: args.accountId,
          namespaceId: args.storage.namespaceIds.STORES,
          keyName: storeKey(record.slug),
          value: JSON.stringify(record),
        },
        { parent: this },
      );
      return [record.slug, entry.id.apply(() => record.catalogue.version)] as const;
    });

    this.catalogues = Object.fromEntries(entries);
    this.registerOutputs({ catalogues: this.catalogues });
  }
}
