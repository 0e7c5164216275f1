import type * as pulumi from "@pulumi/pulumi";
import { EdgeStorage } from "../../../infra/components";
import { ACCOUNT, made, valueOf } from "./program";
import { migration, names, settingsWith, summary } from "./stack";

test("EdgeStorage: four namespaces, a database with its migrations, a bucket whose pages expire", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new EdgeStorage("storage", { names, settings: settingsWith(), migrations: [migration] });
  });
  const accountId = ACCOUNT;
  const namespace = "cloudflare:index/workersKvNamespace:WorkersKvNamespace";
  expect(summary(list)).toEqual([
    ["cloudflare:index/d1Database:D1Database", "storage-db", { accountId, name: "wandstore-dev-db" }],
    [
      "wandstore:index:DataExport",
      "storage-export",
      {
        accountId,
        kvNamespaces: {
          UI_CACHE: "storage-ui-cache-id",
          GENERATION_QUEUE: "storage-generation-queue-id",
          SHOPPER_SESSIONS: "storage-shopper-sessions-id",
          STORES: "storage-stores-id",
        },
        databaseId: "storage-db-id",
        bucketName: "wandstore-dev-generated-ui",
        folder: "exports/dev",
        enabled: false,
      },
    ],
    ["cloudflare:index/r2Bucket:R2Bucket", "storage-generated-ui", { accountId, name: "wandstore-dev-generated-ui" }],
    [namespace, "storage-generation-queue", { accountId, title: "wandstore-dev-generation-queue" }],
    [
      "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
      "storage-lifecycle",
      {
        accountId,
        bucketName: "wandstore-dev-generated-ui",
        rules: [
          {
            id: "expire-generated-pages",
            enabled: true,
            conditions: { prefix: "generated/" },
            deleteObjectsTransition: { condition: { type: "Age", maxAge: 2_592_000 } },
          },
        ],
      },
    ],
    [
      "wandstore:index:D1Migrations",
      "storage-migrations",
      { accountId, databaseId: "storage-db-id", migrations: [migration] },
    ],
    [namespace, "storage-shopper-sessions", { accountId, title: "wandstore-dev-shopper-sessions" }],
    [namespace, "storage-stores", { accountId, title: "wandstore-dev-stores" }],
    [namespace, "storage-ui-cache", { accountId, title: "wandstore-dev-ui-cache" }],
  ]);
  expect(await valueOf(returned.schemaLevel)).toBe("0001_initial.sql");
  expect(await valueOf(returned.bucketName)).toBe("wandstore-dev-generated-ui");
});

test.each([true, false])("EdgeStorage: with protect %s just what holds data is protected or not", async (protect) => {
  const isProtected = new Map<string, boolean>();
  const note: pulumi.ResourceTransformation = ({ name, opts }) => {
    isProtected.set(name, opts.protect === true);
    return undefined;
  };
  await made("dev", {}, () => {
    const settings = settingsWith({ "wandstore:protect": String(protect) });
    return new EdgeStorage("storage", { names, settings, migrations: [migration] }, { transformations: [note] });
  });
  const data = ["db", "export", "generated-ui", "generation-queue", "shopper-sessions", "stores", "ui-cache"];
  const found = [...isProtected].filter(([, is]) => is).map(([name]) => name);
  expect(found.toSorted()).toEqual(protect ? data.map((part) => `storage-${part}`) : []);
  expect(isProtected.size).toBe(10);
});

test.each([
  ["dev", false],
  ["staging", false],
  ["shop", true],
  ["prod", true],
])("EdgeStorage: in %s the data is exported before it is deleted: %s", async (environment, enabled) => {
  const settings = settingsWith({
    "wandstore:environment": environment,
    "wandstore:worker": '{"domain":"shop.example.com"}',
  });
  const { made: list } = await made(
    "dev",
    {},
    () => new EdgeStorage("storage", { names, settings, migrations: [migration] }),
  );
  expect(list.find(({ name }) => name === "storage-export")?.inputs["enabled"]).toBe(enabled);
});
