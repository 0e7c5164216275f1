import * as pulumi from "@pulumi/pulumi";
import { EdgeStorage, GeneratorImage, ShopSecrets, StorefrontWorker } from "../../../infra/components";
import { SECRETS, VARS } from "../../../runtime/contract/bindings";
import { ACCOUNT, made, valueOf } from "./program";
import { inputsOf, migration, names, ROLLBACK, settingsWith, VERSION } from "./stack";

describe("StorefrontWorker", () => {
  const build = (settings = settingsWith()) =>
    made("dev", {}, () => {
      const storage = new EdgeStorage("storage", { names, settings, migrations: [migration] });
      const image = new GeneratorImage("image", {
        accountId: ACCOUNT,
        context: { folder: ".build/dev/generator", buildId: "b", tag: "t" },
      });
      const { values: secrets } = new ShopSecrets("secrets", { given: {}, rotation: settings.rotation });
      const bundle = {
        file: ".build/dev/worker/index.js",
        sha256: "e".repeat(64),
        buildId: "e".repeat(12),
        sourceMap: { file: ".build/dev/worker/index.js.map", sha256: "f".repeat(64) },
        bytes: 300_000,
        gzipBytes: 90_000,
      };
      return new StorefrontWorker("storefront", { names, settings, bundle, storage, secrets, image });
    });
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
      versionId: "version-1",
      percentage: 100,
    });
    expect(inputsOf(list, "storefront-housekeeping")).toEqual({
      accountId: ACCOUNT,
      scriptName: "wandstore-dev-storefront",
      schedules: [{ cron: "17 3 * * *" }],
    });
    expect(inputsOf(list, "storefront-domain")).toEqual({});
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
        {
          name: "index.js.map",
          contentType: "application/source-map",
          file: ".build/dev/worker/index.js.map",
          sha256: "f".repeat(64),
        },
      ],
      compatibilityDate: "2026-07-01",
      compatibilityFlags: ["nodejs_compat"],
      containers: [{ className: "AIGeneratorContainer" }],
      migrations: [
        { tag: "v1", newSqliteClasses: ["GenerationQueue", "AIGeneratorContainer", "Shopper", "Metrics"] },
        { tag: "v2", newSqliteClasses: ["StoreSync"] },
      ],
      message: `build ${"e".repeat(12)}`,
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
      { type: "durable_object_namespace", name: "STORE_SYNC", className: "StoreSync" },
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
    ["2026-08-03", ["nodejs_compat"]],
    ["2026-08-04", []], // where the runtime has it by default it refuses the flag
    ["2026-10-01", []],
  ])("of the day %s it asks for Node's modules by %j", async (compatibilityDate, flags) => {
    const { made: list } = await build(settingsWith({ "wandstore:worker": JSON.stringify({ compatibilityDate }) }));
    expect(inputsOf(list, "storefront-version")).toMatchObject({ compatibilityDate, compatibilityFlags: flags });
  });

  test.each([
    [{ "wandstore:worker": '{"domain":"shop.example.com"}' }, "https://shop.example.com", false],
    [{ "wandstore:edgeUrl": "http://127.0.0.1:8787/" }, "http://127.0.0.1:8787", true],
  ])("%j answers at %s", async (config, origin, subdomain) => {
    const { made: list, returned } = await build(settingsWith(config));
    expect(await valueOf(returned.origin)).toBe(origin);
    expect(inputsOf(list, "storefront-worker")["subdomain"]).toEqual({ enabled: subdomain, previewsEnabled: false });
  });

  test.each([
    [{ domain: "shop.example.com" }, {}],
    [{ domain: "shop.example.com", zone: "example.com" }, { zoneName: "example.com" }],
  ])("%j is attached to the Worker", async (worker, more) => {
    const { made: list } = await build(settingsWith({ "wandstore:worker": JSON.stringify(worker) }));
    expect(inputsOf(list, "storefront-domain")).toEqual({
      accountId: ACCOUNT,
      hostname: "shop.example.com",
      service: "wandstore-dev-storefront",
      ...more,
    });
  });

  test("a gradual rollout sends that share of the requests to the new version", async () => {
    const { made: list } = await build(settingsWith({ "wandstore:worker": '{"rollout":10}' }));
    expect(inputsOf(list, "storefront-deployment")).toMatchObject({ versionId: "version-1", percentage: 10 });
  });

  test("a rollback sends all of them to the version it names, whatever the rollout says", async () => {
    const { made: list } = await build(settingsWith({ "wandstore:worker": '{"rollout":10}', ...ROLLBACK }));
    expect(inputsOf(list, "storefront-deployment")).toMatchObject({ versionId: VERSION, percentage: 100 });
    expect(inputsOf(list, "storefront-version")).toHaveProperty("modules");
  });
});
