import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProvider } from "../../../infra/providers/provider";
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
/** What has been uploaded, newest first, as the API lists it. */
let versions: Record<string, unknown>[];
/** How often the list is asked before it has what was uploaded. */
let lag: number;
/** How an upload is answered; by default it is carried out. */
let onUpload: (carryOut: () => Answer) => Answer;
const answer = ({ method, path, body }: Received): Answer => {
  if (path.includes("/versions?")) return { result: lag-- > 0 ? [] : versions };
  if (method === "POST") {
    return onUpload(() => {
      versions.unshift({ ...(body as object), id: `v-${versions.length + 1}`, startup_time_ms: 12 });
      return { result: versions[0] };
    });
  }
  if (path.endsWith("/settings")) return liveTag === undefined ? NOT_FOUND : { result: { migration_tag: liveTag } };
  return path.endsWith("/v-1") ? { result: { id: "v-1" } } : NOT_FOUND;
};
beforeEach(async () => {
  liveTag = undefined;
  [versions, lag] = [[], 0];
  onUpload = (carryOut) => carryOut();
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
    annotations: { "workers/tag": expect.stringMatching(/^wandstore-[0-9a-f]{40}$/) },
    migrations: {
      new_tag: "v2",
      steps: [
        { new_sqlite_classes: ["Queue"] },
        { new_sqlite_classes: ["Metrics"], renamed_classes: [{ from: "Queue", to: "Line" }] },
      ],
    },
  });
});

test("the time it takes to start and the message are told", async () => {
  const { outs } = await tested.provider.create(URN, { ...inputs, message: "build 1a2b" });
  expect(outs).toMatchObject({ versionId: "v-1", startupTimeMs: 12 });
  expect(sent()["annotations"]).toMatchObject({ "workers/message": "build 1a2b" });
  expect(await tested.provider.diff("v-1", URN, outs, { ...inputs, message: "build 2" })).toMatchObject({
    changes: false,
  });
});

describe("an upload whose answer was lost", () => {
  const uploads = () => tested.double.received.filter(({ method }) => method === "POST").length;

  test("is found by what is in it", async () => {
    onUpload = (carryOut) => (carryOut(), "hang up");
    expect((await tested.provider.create(URN, inputs)).id).toBe("v-1");
    expect([uploads(), versions.length]).toEqual([1, 1]);
  });

  test("is looked for a while, and found although the list is behind", async () => {
    onUpload = (carryOut) => (carryOut(), "hang up");
    lag = 2;
    expect((await tested.provider.create(URN, inputs)).id).toBe("v-1");
    expect([uploads(), tested.waits]).toEqual([1, [1000]]);
  });

  test("and never arrived stays an error, and the next deployment makes one", async () => {
    onUpload = () => "hang up";
    await expect(tested.provider.create(URN, inputs)).rejects.toThrow(/no answer/);
    onUpload = (carryOut) => carryOut();
    expect((await tested.provider.create(URN, inputs)).id).toBe("v-1");
    expect(versions).toHaveLength(1);
  });

  test("and whose deployment then ended is found by the next one, or by whoever looks for it", async () => {
    await tested.provider.create(URN, inputs);
    expect((await tested.provider.create(URN, inputs)).id).toBe("v-1");
    expect(await tested.provider.find(URN, inputs)).toMatchObject({ id: "v-1", outs: { versionId: "v-1" } });
    expect(versions).toHaveLength(1);
  });

  test.each([
    ["a secret", { secrets: { ADMIN_TOKEN: "other" } }],
    ["a variable", { bindings: [{ type: "plain_text", name: "ENVIRONMENT", text: "prod" }] }],
    ["the flags", { compatibilityFlags: [] }],
    ["the migrations", { migrations: [V1, V2] }],
  ])("is not taken for one that differs in %s", async (_what, change) => {
    await tested.provider.create(URN, inputs);
    expect(await tested.provider.find(URN, { ...inputs, ...change })).toBeUndefined();
    expect((await tested.provider.create(URN, { ...inputs, ...change })).id).toBe("v-2");
  });

  test("has a tag that says nothing of the secrets to whoever lacks the API token", async () => {
    await tested.provider.create(URN, inputs);
    const stranger = createProvider({ baseUrl: tested.double.baseUrl, apiToken: "another", root });
    expect(await stranger.find(URN, inputs)).toBeUndefined();
  });
});

describe("an import", () => {
  const whole = {
    id: "v-1",
    main_module: "index.js",
    modules: [{ name: "index.js", content_type: "application/javascript+module", content_base64: btoa(CODE) }],
    compatibility_date: "2026-07-01",
    compatibility_flags: ["nodejs_compat"],
    containers: [{ class_name: "Queue" }],
    migration_tag: "v1",
    bindings: [
      { type: "secret_text", name: "ADMIN_TOKEN" },
      { type: "d1", name: "DB", id: "db-1" },
      { type: "plain_text", name: "ENVIRONMENT", text: "dev" },
      { type: "durable_object_namespace", name: "POOL", class_name: "Queue", namespace_id: "ns" },
      { type: "kv_namespace", name: "STORES", namespace_id: "kv-1" },
      { type: "r2_bucket", name: "UI_STORAGE", bucket_name: "b" },
    ],
  };
  const importing = async (changes: object) => {
    await tested.double.close();
    tested = await testProvider(({ path }) => {
      if (path.endsWith(`/workers/workers/${inputs.scriptName}`)) return { result: { id: "w-1" } };
      return path.endsWith("/w-1/versions/v-1?include=modules") ? { result: { ...whole, ...changes } } : NOT_FOUND;
    }, root);
    const id = `${ACCOUNT}/${inputs.scriptName}/v-1`;
    const { props = {}, inputs: imported = {} } = await tested.provider.read(id, URN);
    return { props, imported };
  };

  test("reads everything back but the secrets, which are sealed, and the history before the last tag", async () => {
    const { props, imported } = await importing({ startup_time_ms: 9 });
    expect(props).toMatchObject({ versionId: "v-1", startupTimeMs: 9, workerId: "w-1" });
    const unread = { ...SECRET, value: { ADMIN_TOKEN: "(not read back)" } };
    const migrations = [{ tag: "v1", newSqliteClasses: ["(not read back)"] }];
    const modules = [{ ...inputs.modules[0], file: "index.js" }];
    const bindings = inputs.bindings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(imported).toEqual({ ...inputs, modules, bindings, secrets: unread, migrations });
    expect((await tested.provider.check(URN, {}, imported)).failures).toEqual([]);
  });

  test.each<[string, object, object, boolean]>([
    ["the program as it was", {}, {}, false],
    ["a version that was never deployed", { migration_tag: undefined }, {}, false],
    ["other code", { modules: [{ ...whole.modules[0], content_base64: btoa("other") }] }, {}, true],
    ["one more secret", {}, { secrets: { ADMIN_TOKEN: "a", KIMI_API_KEY: "b" } }, true],
    ["a newer history", {}, { migrations: [V1, V2] }, true],
    ["another variable", {}, { bindings: [] }, true],
  ])("compared with %s", async (_what, live, wanted, changes) => {
    const { props, imported } = await importing(live);
    const diff = await tested.provider.diff("v-1", URN, props, { ...inputs, ...wanted }, imported);
    expect(diff.changes).toBe(changes);
  });

  test("notices another secret as soon as the program has said one", async () => {
    const { props } = await importing({});
    const changed = { ...inputs, secrets: { ADMIN_TOKEN: "other" } };
    expect(await tested.provider.diff("v-1", URN, props, inputs, inputs)).toMatchObject({ changes: false });
    expect(await tested.provider.diff("v-1", URN, props, changed, inputs)).toMatchObject({ replaces: ["secrets"] });
  });

  test("cannot be uploaded anew before its secrets are given", async () => {
    const { imported } = await importing({});
    await expect(tested.provider.create(URN, imported)).rejects.toThrow(
      /values of the secrets ADMIN_TOKEN are missing/,
    );
  });

  test("of a version with a kind of binding that the program could not say is refused", async () => {
    await expect(importing({ bindings: [{ type: "queue", name: "Q" }] })).rejects.toThrow(/Q is of the kind queue/);
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
  versions = [];
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
  ["another order of the bindings", { bindings: inputs.bindings.toReversed() }, []],
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
