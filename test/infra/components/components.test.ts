import * as pulumi from "@pulumi/pulumi";
import { EdgeStorage, GeneratorImage, GeneratorPool, ShopSecrets, StorefrontWorker } from "../../../infra/components";
import { parseSettings } from "../../../infra/config";
import { namesOf } from "../../../infra/naming";
import { SECRETS, VARS } from "../../../runtime/contract/bindings";
import { ACCOUNT, made, valueOf } from "./program";

const names = namesOf("dev");
const settingsWith = (more: Record<string, string> = {}) =>
  parseSettings({
    "wandstore:environment": "dev",
    "wandstore:accountId": ACCOUNT,
    "wandstore:stores": '["magic-wands"]',
    ...more,
  });
const migration = { name: "0001_initial.sql", sql: "SELECT 1;", checksum: "c".repeat(64) };
const summary = (list: Awaited<ReturnType<typeof made>>["made"]) =>
  list.map(({ type, name, inputs }) => [type, name, inputs]);

test("EdgeStorage: four namespaces, a database with its migrations, a bucket whose pages expire", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new EdgeStorage("storage", { accountId: ACCOUNT, names, migrations: [migration], protect: false });
  });
  const accountId = ACCOUNT;
  const namespace = "cloudflare:index/workersKvNamespace:WorkersKvNamespace";
  expect(summary(list)).toEqual([
    ["cloudflare:index/d1Database:D1Database", "storage-db", { accountId, name: "wandstore-dev-db" }],
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
    const args = { accountId: ACCOUNT, names, migrations: [migration], protect };
    return new EdgeStorage("storage", args, { transformations: [note] });
  });
  const data = ["db", "generated-ui", "generation-queue", "shopper-sessions", "stores", "ui-cache"];
  const found = [...isProtected].filter(([, is]) => is).map(([name]) => name);
  expect(found.toSorted()).toEqual(protect ? data.map((part) => `storage-${part}`) : []);
  expect(isProtected.size).toBe(9);
});

test("GeneratorImage: one image, tagged by content, built for the platform Cloudflare runs", async () => {
  const context = { folder: ".build/dev/generator", buildId: "0123456789ab", tag: "0123456789abcdef" };
  const { made: list, returned } = await made(
    "dev",
    {},
    () => new GeneratorImage("generator", { accountId: ACCOUNT, context }),
  );
  expect(summary(list)).toEqual([
    [
      "docker:index/image:Image",
      "generator-image",
      {
        imageName: `registry.cloudflare.com/${ACCOUNT}/wandstore-generator:0123456789abcdef`,
        build: {
          context: "../.build/dev/generator",
          dockerfile: "../.build/dev/generator/Dockerfile",
          platform: "linux/amd64",
        },
        // The SDK's own defaults.
        buildOnPreview: false,
        skipPush: false,
      },
    ],
  ]);
  expect(await valueOf(returned.digest)).toContain("@sha256:");
});

test("ShopSecrets: three are generated, the rest is what the stack was given, and all of it is secret", async () => {
  const { made: list, returned } = await made("dev", {}, () => {
    return new ShopSecrets("secrets", { given: { KIMI_API_KEY: pulumi.secret("planted") } });
  });
  const inputs = { length: 48, special: false };
  expect(summary(list)).toEqual(
    ["secrets-admin-token", "secrets-shopper-signing-key", "secrets-webhook-signing-key"].map((name) => [
      "random:index/randomPassword:RandomPassword",
      name,
      inputs,
    ]),
  );
  expect(await valueOf(returned.values)).toEqual({
    ADMIN_TOKEN: "made-secrets-admin-token",
    KIMI_API_KEY: "planted",
    SHOPPER_SIGNING_KEY: "made-secrets-shopper-signing-key",
    WEBHOOK_SIGNING_KEY: "made-secrets-webhook-signing-key",
  });
  expect(await pulumi.isSecret(returned.values)).toBe(true);
  expect(await pulumi.isSecret(returned.adminToken)).toBe(true);
});

describe("StorefrontWorker", () => {
  const build = (settings = settingsWith()) =>
    made("dev", {}, () => {
      const storage = new EdgeStorage("storage", {
        accountId: ACCOUNT,
        names,
        migrations: [migration],
        protect: false,
      });
      const image = new GeneratorImage("image", {
        accountId: ACCOUNT,
        context: { folder: ".build/dev/generator", buildId: "b", tag: "t" },
      });
      const secrets = new ShopSecrets("secrets", { given: {} });
      const bundle = {
        file: ".build/dev/worker/index.js",
        sha256: "e".repeat(64),
        buildId: "e".repeat(12),
      };
      return new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
    });
  const inputsOf = (list: Awaited<ReturnType<typeof build>>["made"], name: string) =>
    list.find((each) => each.name === name)?.inputs ?? {};

  test("the Worker, one version of it and a deployment of that version", async () => {
    const { made: list, returned } = await build();
    expect(inputsOf(list, "storefront-worker")).toEqual({
      accountId: ACCOUNT,
      name: "wandstore-dev-storefront",
      subdomain: { enabled: true, previewsEnabled: false },
      observability: { enabled: true, headSamplingRate: 1 },
    });
    expect(inputsOf(list, "storefront-deployment")).toEqual({
      accountId: ACCOUNT,
      scriptName: "wandstore-dev-storefront",
      strategy: "percentage",
      versions: [{ versionId: "version-1", percentage: 100 }],
    });
    expect(await valueOf(returned.origin)).toBe("https://w.example.workers.dev");
  });

  test("the version has every binding of the contract, sorted, and no secret among them", async () => {
    const { made: list } = await build();
    const { bindings, secrets, ...rest } = inputsOf(list, "storefront-version");
    expect(rest).toEqual({
      accountId: ACCOUNT,
      workerId: "storefront-worker-id",
      scriptName: "wandstore-dev-storefront",
      mainModule: "index.js",
      modules: [
        {
          name: "index.js",
          contentType: "application/javascript+module",
          file: ".build/dev/worker/index.js",
          sha256: "e".repeat(64),
        },
      ],
      compatibilityDate: "2026-07-01",
      compatibilityFlags: ["nodejs_compat"],
      containers: [{ className: "AIGeneratorContainer" }],
      migrations: [{ tag: "v1", newSqliteClasses: ["GenerationQueue", "AIGeneratorContainer", "Shopper", "Metrics"] }],
    });
    const byName = bindings as { type: string; name: string; text?: string }[];
    expect(byName.map(({ name }) => name)).toEqual(byName.map(({ name }) => name).toSorted());
    expect(byName.filter(({ type }) => type !== "plain_text")).toEqual([
      { type: "d1", name: "DB", databaseId: "storage-db-id" },
      { type: "kv_namespace", name: "GENERATION_QUEUE", namespaceId: "storage-generation-queue-id" },
      { type: "durable_object_namespace", name: "GENERATOR", className: "AIGeneratorContainer" },
      { type: "durable_object_namespace", name: "METRICS", className: "Metrics" },
      { type: "durable_object_namespace", name: "POOL", className: "GenerationQueue" },
      { type: "durable_object_namespace", name: "SHOPPER", className: "Shopper" },
      { type: "kv_namespace", name: "SHOPPER_SESSIONS", namespaceId: "storage-shopper-sessions-id" },
      { type: "kv_namespace", name: "STORES", namespaceId: "storage-stores-id" },
      { type: "kv_namespace", name: "UI_CACHE", namespaceId: "storage-ui-cache-id" },
      { type: "r2_bucket", name: "UI_STORAGE", bucketName: "wandstore-dev-generated-ui" },
    ]);
    const vars = byName.filter(({ type }) => type === "plain_text");
    expect(vars.map(({ name }) => name)).toEqual([...VARS].toSorted());
    expect(vars.find(({ name }) => name === "POOL_SIZE")?.text).toBe("10");
    // On the wire: the whole of it is one secret, with what is always there and nothing that the stack was not given.
    expect(secrets).toHaveProperty(pulumi.runtime.specialSigKey, pulumi.runtime.specialSecretSig);
    expect(Object.keys((secrets as { value: object }).value).toSorted()).toEqual([...SECRETS].toSorted());
  });

  test.each([
    [{ "wandstore:worker": '{"domain":"shop.example.com"}' }, "https://shop.example.com", false],
    [{ "wandstore:edgeUrl": "http://127.0.0.1:8787/" }, "http://127.0.0.1:8787", true],
  ])("%j answers at %s", async (config, origin, subdomain) => {
    const { made: list, returned } = await build(settingsWith(config));
    expect(await valueOf(returned.origin)).toBe(origin);
    expect(inputsOf(list, "storefront-worker")["subdomain"]).toEqual({ enabled: subdomain, previewsEnabled: false });
  });
});

test("GeneratorPool: the namespace of the container class and an application as large as the pool", async () => {
  const settings = settingsWith({ "wandstore:pool": '{"size":7}' });
  const { made: list } = await made("dev", {}, () => {
    const deployment = new (class extends pulumi.CustomResource {})("test:index:Deployment", "deployment", {});
    const storefront = { workerName: pulumi.output("wandstore-dev-storefront"), deployment };
    const image = { digest: pulumi.output("registry/i@sha256:0") };
    return new GeneratorPool("pool", { names, settings, image, storefront: storefront as never });
  });
  expect(summary(list.filter(({ name }) => name.startsWith("pool")))).toEqual([
    [
      "wandstore:index:ContainerApplication",
      "pool-application",
      {
        accountId: ACCOUNT,
        name: "wandstore-dev-generator",
        namespaceId: "namespace-1",
        image: "registry/i@sha256:0",
        instanceType: "lite",
        maxInstances: 7,
      },
    ],
    [
      "wandstore:index:DurableObjectNamespace",
      "pool-namespace",
      { accountId: ACCOUNT, scriptName: "wandstore-dev-storefront", className: "AIGeneratorContainer" },
    ],
  ]);
});
