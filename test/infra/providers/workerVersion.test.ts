import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pendingMigrations } from "../../../infra/providers/resources/durableObjectMigrations";
import type { Answer, Received } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, testProvider, type Tested, urnOf } from "./setup";

const URN = urnOf("WorkerVersion");
const CODE = "export default {}";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const V1 = { tag: "v1", newSqliteClasses: ["Queue"] };
const V2 = { tag: "v2", newSqliteClasses: ["Metrics"], renamedClasses: [{ from: "Queue", to: "Line" }] };
const inputs = {
  accountId: ACCOUNT,
  workerId: "w-1",
  scriptName: "wandstore-dev-storefront",
  mainModule: "index.js",
  modules: [
    {
      name: "index.js",
      contentType: "application/javascript+module",
      file: "bundle.js",
      sha256: createHash("sha256").update(CODE).digest("hex"),
    },
  ],
  compatibilityDate: "2026-07-01",
  compatibilityFlags: ["nodejs_compat"],
  bindings: [
    { type: "d1", name: "DB", databaseId: "db-1" },
    { type: "durable_object_namespace", name: "POOL", className: "Queue" },
    { type: "kv_namespace", name: "STORES", namespaceId: "kv-1" },
    { type: "plain_text", name: "ENVIRONMENT", text: "dev" },
    { type: "r2_bucket", name: "UI_STORAGE", bucketName: "b" },
  ],
  secrets: { ADMIN_TOKEN: "planted" },
  containers: [{ className: "Queue" }],
  migrations: [V1],
};

let root: string;
let liveTag: string | null | undefined; // undefined: no such script yet
let tested: Tested;
const answer = ({ method, path }: Received): Answer => {
  if (path.endsWith("/settings")) return liveTag === undefined ? NOT_FOUND : { result: { migration_tag: liveTag } };
  if (method === "POST") return { result: { id: "v-1", number: 1 } };
  return path.endsWith("/v-1") ? { result: { id: "v-1" } } : NOT_FOUND;
};
beforeEach(async () => {
  liveTag = undefined;
  root = mkdtempSync(join(tmpdir(), "worker-version-"));
  writeFileSync(join(root, "bundle.js"), CODE);
  tested = await testProvider(answer, root);
});
afterEach(async () => {
  await tested.double.close();
  rmSync(root, { recursive: true });
});

const sent = () => tested.double.received.find(({ method }) => method === "POST")?.body as Record<string, unknown>;

test("the first version sends code, sorted bindings with the secrets, containers and the whole history", async () => {
  const { id, outs } = await tested.provider.create(URN, { ...inputs, migrations: [V1, V2] });
  expect([id, outs.versionId]).toEqual(["v-1", "v-1"]);
  expect(tested.double.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET /accounts/${ACCOUNT}/workers/scripts/wandstore-dev-storefront/settings`,
    `GET /accounts/${ACCOUNT}/workers/workers/w-1/versions?per_page=10`,
    `POST /accounts/${ACCOUNT}/workers/workers/w-1/versions`,
  ]);
  expect(sent()).toEqual({
    main_module: "index.js",
    modules: [
      {
        name: "index.js",
        content_type: "application/javascript+module",
        content_base64: Buffer.from(CODE).toString("base64"),
      },
    ],
    compatibility_date: "2026-07-01",
    compatibility_flags: ["nodejs_compat"],
    bindings: [
      { type: "secret_text", name: "ADMIN_TOKEN", text: "planted" },
      { type: "d1", name: "DB", database_id: "db-1" },
      { type: "plain_text", name: "ENVIRONMENT", text: "dev" },
      { type: "durable_object_namespace", name: "POOL", class_name: "Queue" },
      { type: "kv_namespace", name: "STORES", namespace_id: "kv-1" },
      { type: "r2_bucket", name: "UI_STORAGE", bucket_name: "b" },
    ],
    containers: [{ class_name: "Queue" }],
    migrations: {
      new_tag: "v2",
      steps: [
        { new_sqlite_classes: ["Queue"] },
        { new_sqlite_classes: ["Metrics"], renamed_classes: [{ from: "Queue", to: "Line" }] },
      ],
    },
  });
});

test("a Worker that has a part of the history gets the rest, one that has all of it gets none", async () => {
  liveTag = "v1";
  await tested.provider.create(URN, { ...inputs, migrations: [V1, V2] });
  expect(sent()["migrations"]).toMatchObject({
    old_tag: "v1",
    new_tag: "v2",
    steps: [{ new_sqlite_classes: ["Metrics"] }],
  });
  tested.double.received.length = 0;
  await tested.provider.create(URN, inputs);
  expect(sent()).not.toHaveProperty("migrations");
});

test("a live tag of another history is refused before anything is sent", async () => {
  liveTag = "v9";
  await expect(tested.provider.create(URN, inputs)).rejects.toThrow(/"v9".*history \(v1\)/);
  expect(sent()).toBeUndefined();
});

test("a Worker without a deployment has no tag", () => {
  expect(pendingMigrations([V1], undefined)).toEqual({ oldTag: undefined, newTag: "v1", steps: [V1] });
  expect(pendingMigrations([], undefined)).toBeUndefined();
});

test("secrets that arrive as secrets go back as secrets, and as plain text to Cloudflare alone", async () => {
  const secrets = { ...SECRET, value: { ADMIN_TOKEN: { ...SECRET, value: "planted" } } };
  const { inputs: checked } = await tested.provider.check(URN, {}, { ...inputs, secrets });
  expect(checked.secrets).toEqual(secrets);
  const { outs } = await tested.provider.create(URN, { ...inputs, secrets });
  expect(outs.secrets).toEqual({ ...SECRET, value: { ADMIN_TOKEN: "planted" } });
  expect(JSON.stringify(sent())).toContain("planted");
  expect(await tested.provider.diff("v-1", URN, outs, { ...inputs, secrets })).toMatchObject({ changes: false });
});

test("a module that changed since it was bundled is refused", async () => {
  writeFileSync(join(root, "bundle.js"), `${CODE};`);
  await expect(tested.provider.create(URN, inputs)).rejects.toThrow(/bundle\.js changed while/);
});

test.each([
  ["the same", {}, []],
  [
    "a bundle elsewhere with the same content",
    { modules: [{ ...inputs.modules[0], file: "/elsewhere/bundle.js" }] },
    [],
  ],
  ["other code", { modules: [{ ...inputs.modules[0], sha256: "0".repeat(64) }] }, ["modules"]],
  ["another secret", { secrets: { ADMIN_TOKEN: "other" } }, ["secrets"]],
  ["another variable", { bindings: [{ type: "plain_text", name: "ENVIRONMENT", text: "prod" }] }, ["bindings"]],
  ["a Worker that is not known yet", { workerId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, ["workerId"]],
])("diff: %s", async (_what, change, replaces) => {
  const { outs } = await tested.provider.create(URN, inputs);
  const diff = await tested.provider.diff("v-1", URN, outs, { ...inputs, ...change });
  expect(diff).toEqual({ changes: replaces.length > 0, replaces, deleteBeforeReplace: false });
});

test("check names what is wrong, and passes over what is not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const bindings = [{ type: "kv_namespace", name: "STORES", namespaceId: unknown }];
  expect((await tested.provider.check(URN, {}, { ...inputs, bindings, secrets: unknown })).failures).toEqual([]);
  const wrong = { ...inputs, bindings: [{ type: "queue", name: "Q" }], compatibilityDate: "soon" };
  const { failures } = await tested.provider.check(URN, {}, wrong);
  expect(failures?.map(({ property }) => property)).toEqual(["compatibilityDate", "bindings[0].type"]);
});

test("read finds the version or says that it is gone; delete leaves it for a rollback", async () => {
  const { outs } = await tested.provider.create(URN, inputs);
  expect((await tested.provider.read("v-1", URN, outs)).id).toBe("v-1");
  expect((await tested.provider.read("v-2", URN, outs)).id).toBe("");
  const before = tested.double.received.length;
  await tested.provider.delete("v-1", URN, outs);
  expect(tested.double.received).toHaveLength(before);
});
