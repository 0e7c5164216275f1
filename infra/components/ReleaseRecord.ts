import * as pulumi from "@pulumi/pulumi";
import type { WorkerBundle } from "../bundle";
import type { Settings } from "../config";
import { Release } from "../providers/sdk";
import { DURABLE_OBJECT_HISTORY } from "./durableObjectHistory";
import type { EdgeStorage } from "./EdgeStorage";
import type { GeneratorPool } from "./GeneratorPool";
import type { StoreCatalogue } from "./StoreCatalogue";
import type { StorefrontWorker } from "./StorefrontWorker";

export interface ReleaseRecordArgs {
  readonly settings: Pick<Settings, "accountId" | "protect" | "worker" | "rollback">;
  /** The Worker's code. */
  readonly bundle: Pick<WorkerBundle, "buildId">;
  readonly storage: Pick<EdgeStorage, "namespaceIds" | "schemaLevel" | "migrations">;
  readonly storefront: Pick<StorefrontWorker, "workerName" | "versionId">;
  readonly pool: Pick<GeneratorPool, "application" | "applicationId" | "image" | "buildId">;
  readonly catalogue: Pick<StoreCatalogue, "entries">;
}

/** All of a release that changes from one to the next. */
const OF_THE_RELEASE = ["worker", "generator", "schemaLevel", "migrationTag"];

/**
 * What was released, written once everything of it is there and answers: where `wandstore rollback` goes back to. While a
 * share of the requests goes to a new version, the record of the former release stays.
 *
 * @example
 * const release = new ReleaseRecord("release", { settings, bundle, storage, storefront, pool, catalogue });
 * export const releaseId = release.releaseId;
 */
export class ReleaseRecord extends pulumi.ComponentResource {
  readonly releaseId: pulumi.Output<string>;

  constructor(name: string, args: ReleaseRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:ReleaseRecord", name, {}, opts);
    const { settings, storage, storefront, pool } = args;
    const { accountId, rollback, worker } = settings;
    const isPartial = rollback === undefined && worker.rollout < 100;

    const release = new Release(
      `${name}-record`,
      {
        accountId,
        namespaceId: storage.namespaceIds.STORES,
        stack: pulumi.getStack(),
        worker: rollback
          ? { scriptName: storefront.workerName, versionId: rollback.versionId }
          : { scriptName: storefront.workerName, versionId: storefront.versionId, buildId: args.bundle.buildId },
        generator: pulumi
          .all([pool.applicationId, pool.image, pool.buildId])
          .apply(([applicationId, image, buildId]) => ({
            applicationId,
            image,
            ...(buildId === undefined ? {} : { buildId }),
          })),
        schemaLevel: storage.schemaLevel,
        bookmark: storage.migrations.bookmark as pulumi.Output<string>, // left out where there is none
        migrationTag: DURABLE_OBJECT_HISTORY.at(-1)?.tag ?? "",
        ...(rollback && { rollbackOf: rollback.release }),
      },
      {
        parent: this,
        // It goes before all that it records: a destroy that the protection of data refuses is refused before anything is gone.
        protect: settings.protect,
        dependsOn: [pool.application, ...args.catalogue.entries],
        ignoreChanges: isPartial ? OF_THE_RELEASE : [],
      },
    );

    this.releaseId = release.releaseId;
    this.registerOutputs({ releaseId: this.releaseId });
  }
}
