import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { KV_BINDINGS } from "../../runtime/contract/bindings";
import type { Settings } from "../config";
import type { Names } from "../naming";
import type { D1MigrationsInputs } from "../providers/resources/d1Migrations";
import { D1Migrations, DataExport } from "../providers/sdk";

export interface EdgeStorageArgs {
  readonly names: Pick<Names, "kv" | "database" | "bucket">;
  /** `protect` says whether what holds a shop's data refuses to be deleted. */
  readonly settings: Pick<Settings, "accountId" | "environment" | "protect">;
  readonly migrations: D1MigrationsInputs["migrations"];
}

type KvBinding = (typeof KV_BINDINGS)[number];

/** Prefix of every generated page in the bucket (runtime/contract/keys). */
const GENERATED_PREFIX = "generated/";
const THIRTY_DAYS_S = 30 * 24 * 60 * 60;
/** Where shoppers are real: their data is written to `exports/{stack}` before it is deleted. */
const EXPORTED: readonly Settings["environment"][] = ["prod", "shop"];

/**
 * Where a shop's pages and shoppers are kept: four KV namespaces, a D1 database at its newest schema, and an R2 bucket
 * whose generated pages go after 30 days. None of it is deleted unexported where shoppers are real.
 *
 * @example
 * const storage = new EdgeStorage("storage", { names: namesOf("dev"), settings, migrations: readMigrations("infra/migrations") });
 * export const schemaLevel = storage.schemaLevel;
 */
export class EdgeStorage extends pulumi.ComponentResource {
  readonly namespaceIds: Readonly<Record<KvBinding, pulumi.Output<string>>>;
  readonly databaseId: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  /** Name of the last migration that the database has. */
  readonly schemaLevel: pulumi.Output<string>;
  /** What code that needs the newest schema has to wait for. */
  readonly migrations: D1Migrations;
  /** What writes to this storage has to wait for, so that it is gone before the data is exported and deleted. */
  readonly dataExport: DataExport;

  constructor(name: string, args: EdgeStorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:EdgeStorage", name, {}, opts);
    const { names } = args;
    const { accountId, environment, protect } = args.settings;
    const data = { parent: this, protect };

    const namespace = (binding: KvBinding): pulumi.Output<string> =>
      new cloudflare.WorkersKvNamespace(
        `${name}-${binding.toLowerCase().replaceAll("_", "-")}`,
        { accountId, title: names.kv[binding] },
        data,
      ).id;
    const database = new cloudflare.D1Database(`${name}-db`, { accountId, name: names.database }, data);
    const bucket = new cloudflare.R2Bucket(`${name}-generated-ui`, { accountId, name: names.bucket }, data);

    this.migrations = new D1Migrations(
      `${name}-migrations`,
      { accountId, databaseId: database.id, migrations: args.migrations },
      { parent: this },
    );
    const lifecycle = new cloudflare.R2BucketLifecycle(
      `${name}-lifecycle`,
      {
        accountId,
        bucketName: bucket.name,
        rules: [
          {
            id: "expire-generated-pages",
            enabled: true,
            conditions: { prefix: GENERATED_PREFIX },
            deleteObjectsTransition: { condition: { type: "Age", maxAge: THIRTY_DAYS_S } },
          },
        ],
      },
      { parent: this },
    );

    this.namespaceIds = {
      UI_CACHE: namespace("UI_CACHE"),
      GENERATION_QUEUE: namespace("GENERATION_QUEUE"),
      SHOPPER_SESSIONS: namespace("SHOPPER_SESSIONS"),
      STORES: namespace("STORES"),
    };
    this.dataExport = new DataExport(
      `${name}-export`,
      {
        accountId,
        kvNamespaces: this.namespaceIds,
        databaseId: database.id,
        bucketName: bucket.name,
        folder: `exports/${pulumi.getStack()}`,
        enabled: EXPORTED.includes(environment),
      },
      data,
    );
    this.databaseId = database.id;
    this.bucketName = lifecycle.bucketName; // nobody gets the bucket before its pages expire
    this.schemaLevel = this.migrations.level;
    this.registerOutputs({
      namespaceIds: this.namespaceIds,
      databaseId: this.databaseId,
      bucketName: this.bucketName,
      schemaLevel: this.schemaLevel,
    });
  }
}
