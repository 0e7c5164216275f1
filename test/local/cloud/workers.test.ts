import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { atEdge, esModule, refusal, startTestCloud, type TestCloud } from "./support";

const CODE = `
  import { DurableObject } from "cloudflare:workers";
  export class Counter extends DurableObject {
    async next() {
      const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
      await this.ctx.storage.put("n", n);
      return n;
    }
  }
  export default {
    async fetch(request, env) {
      const kv = await env.KV.get("greeting");
      const row = await env.DB.prepare("SELECT a FROM t").first();
      const object = await (await env.BUCKET.get("o.txt"))?.text();
      const count = await env.COUNTER.get(env.COUNTER.idFromName("one")).next();
      return Response.json({ kv, row, object, count, secret: env.SECRET, plain: env.PLAIN, json: env.JSON, version: env.VERSION.id });
    },
  };`;
const SECRET = "a-planted-secret-5f1c";

describe("Workers in the embedded cloud", () => {
  let test: TestCloud;
  let account_id: string;
  beforeAll(async () => {
    test = await startTestCloud();
    account_id = test.accountId;
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const beta = () => test.client.workers.beta.workers;
  const createWorker = (name: string, subdomain = { enabled: true }) =>
    beta().create({ account_id, name, subdomain } as never);
  const upload = (id: string, body: Record<string, unknown> = {}) =>
    beta().versions.create(id, {
      account_id,
      main_module: "index.js",
      modules: [esModule("index.js", "export default { fetch: () => new Response('hello') }")],
      compatibility_date: "2026-01-01",
      ...body,
    } as never);
  const deploy = (script: string, version_id: string) =>
    test.client.workers.scripts.deployments.create(script, {
      account_id,
      strategy: "percentage",
      versions: [{ version_id, percentage: 100 }],
    } as never);

  it("creates, changes, lists and deletes a Worker", async () => {
    const { id } = await createWorker("plain");
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await beta().get(id, { account_id })).toMatchObject({
      name: "plain",
      subdomain: { enabled: true },
      deployed_on: null,
    });
    await beta().edit(id, { account_id, observability: { enabled: true } } as never);
    expect(await beta().get("plain", { account_id })).toMatchObject({
      observability: { enabled: true, head_sampling_rate: 1 },
      subdomain: { enabled: true },
    });
    expect(await refusal(createWorker("plain"))).toMatchObject({ status: 409 });
    expect(await refusal(createWorker("Not A Name"))).toMatchObject({ status: 400 });
    await beta().delete(id, { account_id });
    expect(await refusal(beta().get(id, { account_id }))).toMatchObject({ status: 404, code: 10007 });
  });

  it("shows a version as Terraform's provider reads it: bindings by name, defaults, nothing that is empty", async () => {
    const { uuid } = await test.client.d1.database.create({ account_id, name: "shown" });
    const { id } = await createWorker("shown");
    const given = [
      { type: "service", name: "SELF", service: "shown" },
      { type: "d1", name: "OLD", id: uuid },
      { type: "d1", name: "DB", database_id: uuid },
    ];
    const { bindings } = await upload(id, { bindings: given });
    expect(bindings).toEqual([
      { type: "d1", name: "DB", database_id: uuid },
      { type: "d1", name: "OLD", database_id: uuid, id: uuid },
      { type: "service", name: "SELF", service: "shown", environment: "production" },
    ]);
    const bare = await upload(id);
    for (const field of ["bindings", "compatibility_flags", "limits"]) expect(bare).not.toHaveProperty(field);
  });

  it("tells clients not to ask again for what it does not have", async () => {
    const { id } = await createWorker("named");
    const ask = (method: string, at: string, body?: object) =>
      fetch(`${test.cloud.apiUrl}/accounts/${account_id}/${at}`, {
        method,
        headers: { authorization: `Bearer ${test.cloud.apiToken}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const renamed = await ask("PUT", `workers/workers/${id}`, { name: "otherwise" });
    expect([renamed.status, renamed.headers.get("x-should-retry")]).toEqual([501, "false"]);
    const missing = await ask("GET", "workers/workers/none");
    expect([missing.status, missing.headers.get("x-should-retry")]).toEqual([404, null]);
  });

  it("runs a deployed Worker with all its bindings, also after a restart, and never gives its secret back", async () => {
    const kv = await test.client.kv.namespaces.create({ account_id, title: "full" });
    const d1 = await test.client.d1.database.create({ account_id, name: "full" });
    await test.client.r2.buckets.create({ account_id, name: "full-bucket" });
    await test.client.kv.namespaces.values.update("greeting", {
      account_id,
      namespace_id: kv.id,
      value: "hi",
    } as never);
    await test.client.d1.database.query(d1.uuid as string, {
      account_id,
      sql: "CREATE TABLE t (a); INSERT INTO t VALUES (42)",
    });
    await test.api("PUT", `/accounts/${account_id}/r2/buckets/full-bucket/objects/o.txt`, "stored");

    const worker = await createWorker("full");
    const version = await upload(worker.id, {
      modules: [esModule("index.js", CODE)],
      migrations: { new_tag: "v1", steps: [{ new_sqlite_classes: ["Counter"] }] },
      bindings: [
        { type: "kv_namespace", name: "KV", namespace_id: kv.id },
        { type: "d1", name: "DB", database_id: d1.uuid },
        { type: "r2_bucket", name: "BUCKET", bucket_name: "full-bucket" },
        { type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" },
        { type: "secret_text", name: "SECRET", text: SECRET },
        { type: "plain_text", name: "PLAIN", text: "p" },
        { type: "json", name: "JSON", json: { a: [1] } },
        { type: "version_metadata", name: "VERSION" },
      ],
    });
    expect(version).toMatchObject({ number: 1, compatibility_date: "2026-01-01" });
    expect((await atEdge(test.cloud.edgeUrl, "full.localhost")).status).toBe(404);
    expect((await test.client.durableObjects.namespaces.list({ account_id })).result).toEqual([]);

    await deploy("full", version.id);
    const expected = {
      kv: "hi",
      row: { a: 42 },
      object: "stored",
      secret: SECRET,
      plain: "p",
      json: { a: [1] },
      version: version.id,
    };
    const answer = async (host: string) => JSON.parse((await atEdge(test.cloud.edgeUrl, host)).text) as object;
    expect(await answer("full.localhost")).toEqual({ ...expected, count: 1 });
    expect(await answer("full.wandstore.localhost:1")).toEqual({ ...expected, count: 2 });
    expect(await answer("127.0.0.1")).toEqual({ ...expected, count: 3 });

    await test.restart();
    expect(await answer("full.localhost")).toEqual({ ...expected, count: 4 });

    const read = await beta().versions.get(version.id, { account_id, worker_id: worker.id, include: "modules" });
    expect(Buffer.from(read.modules?.[0]?.content_base64 ?? "", "base64").toString()).toBe(CODE);
    expect(read).toMatchObject({ migration_tag: "v1" });
    expect(read.bindings).toContainEqual({ type: "secret_text", name: "SECRET" });
    const settings = await test.api("GET", `/accounts/${account_id}/workers/scripts/full/settings`);
    expect(settings.body.result).toMatchObject({ migration_tag: "v1" });
    expect(JSON.stringify([read, settings.body])).not.toContain(SECRET);
    const kept = await readFile(join(test.stateDir, "cloud", "metadata.sqlite"), "latin1");
    expect(kept).not.toContain(SECRET);

    const [namespace] = (await test.client.durableObjects.namespaces.list({ account_id })).result;
    expect(namespace).toMatchObject({ class: "Counter", script: "full", use_sqlite: true, name: "full_Counter" });
    expect(read.bindings).toContainEqual(expect.objectContaining({ name: "COUNTER", namespace_id: namespace?.id }));
  });

  it("keeps a source map without running it, and tells the start-up time and the annotations", async () => {
    const worker = await createWorker("noted");
    const map = {
      name: "index.js.map",
      content_type: "application/source-map",
      content_base64: btoa("no JavaScript {"),
    };
    const main = esModule("index.js", "export default { fetch: () => new Response('hello') }");
    const annotations = { "workers/message": "a message", "workers/tag": "v1.2.3", "workers/triggered_by": "me" };
    const { id } = await upload(worker.id, { modules: [main, map], annotations });
    await test.api("POST", `/accounts/${account_id}/workers/scripts/noted/deployments`, {
      strategy: "percentage",
      versions: [{ version_id: id, percentage: 100 }],
      annotations: { "workers/message": "to all", "workers/triggered_by": "me" },
    });
    expect((await atEdge(test.cloud.edgeUrl, "noted.localhost")).text).toBe("hello");
    await test.restart();
    const read = await beta().versions.get(id, { account_id, worker_id: worker.id, include: "modules" });
    expect(read.annotations).toEqual({ ...annotations, "workers/triggered_by": "upload" }); // read-only to callers
    expect(Number.isInteger(read.startup_time_ms) && (read.startup_time_ms ?? 0) > 0).toBe(true);
    expect(read.modules?.map(({ name }) => name)).toEqual(["index.js", "index.js.map"]);
    const listed = await test.api("GET", `/accounts/${account_id}/workers/scripts/noted/deployments`);
    expect((listed.body.result as { deployments: { annotations: object }[] }).deployments[0]?.annotations).toEqual({
      "workers/message": "to all",
      "workers/triggered_by": "deployment",
    });
  });

  it("refuses code that is no JavaScript, with the place", async () => {
    const worker = await createWorker("broken");
    const modules = [esModule("index.js", "export default {\n  fetch: () => new Response('x'\n}")];
    expect(await refusal(upload(worker.id, { modules }))).toEqual({
      status: 400,
      code: 10021,
      message: expect.stringMatching(/^Uncaught SyntaxError: .+\n {2}at index\.js:2:28\n$/),
    });
    const text = { name: "page.txt", content_type: "text/plain", content_base64: btoa("{ not code") };
    const fine = [
      esModule("index.js", "const x = await import('node:buffer'); export default { fetch: () => x }"),
      text,
    ];
    expect((await upload(worker.id, { modules: fine, compatibility_flags: ["nodejs_compat"] })).number).toBe(1);
  });

  it("refuses migrations that were made for another state of the Worker", async () => {
    const worker = await createWorker("migrated");
    const migrations = { new_tag: "v1", steps: [{ new_sqlite_classes: ["Counter"] }] };
    const modules = [esModule("index.js", CODE)];
    const first = await upload(worker.id, { modules, migrations });
    const second = await upload(worker.id, { modules, migrations });
    await deploy("migrated", first.id);
    expect(await refusal(upload(worker.id, { modules, migrations }))).toEqual({
      status: 412,
      code: 10079,
      message:
        "Actor migration tag precondition failed, got tag '' when expected tag is 'v1'. Please make sure the tags match and try again.",
    });
    expect(await refusal(deploy("migrated", second.id))).toMatchObject({ code: 10079 });
    const again = { old_tag: "v1", new_tag: "v2", steps: [{ new_sqlite_classes: ["Counter"] }] };
    expect(await refusal(upload(worker.id, { modules, migrations: again }))).toMatchObject({
      status: 400,
      code: 10074,
    });
    const third = await upload(worker.id, { modules, migrations: { old_tag: "v1", new_tag: "v1", steps: [] } });
    expect(third).toMatchObject({ number: 3 });
    await deploy("migrated", first.id);
  });

  it("takes a deleted class away when the version is deployed, and not while it is bound", async () => {
    const worker = await createWorker("deleting");
    const modules = [esModule("index.js", CODE)];
    const bindings = [{ type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" }];
    const made = { new_tag: "v1", new_sqlite_classes: ["Counter"] };
    await deploy("deleting", (await upload(worker.id, { modules, bindings, migrations: made })).id);
    const classes = async () =>
      (await test.client.durableObjects.namespaces.list({ account_id })).result.filter(
        ({ script }) => script === "deleting",
      );
    expect(await classes()).toHaveLength(1);

    const deleted = { old_tag: "v1", new_tag: "v2", deleted_classes: ["Counter"] };
    expect(await refusal(upload(worker.id, { modules, bindings, migrations: deleted }))).toMatchObject({ code: 10061 });
    const { id } = await upload(worker.id, { migrations: deleted });
    expect(await classes()).toHaveLength(1);
    await deploy("deleting", id);
    expect(await classes()).toEqual([]);
  });

  it("refuses bindings to what does not exist", async () => {
    const worker = await createWorker("bound");
    const none = "0".repeat(32);
    const cases: [Record<string, unknown>, number][] = [
      [{ type: "kv_namespace", name: "X", namespace_id: none }, 10041],
      [{ type: "d1", name: "X", database_id: none }, 10181],
      [{ type: "r2_bucket", name: "X", bucket_name: "none" }, 10085],
      [{ type: "service", name: "X", service: "none" }, 10143],
      [{ type: "durable_object_namespace", name: "X", class_name: "None" }, 10061],
      [{ type: "durable_object_namespace", name: "X", class_name: "None", script_name: "none" }, 10061],
      [{ type: "inherit", name: "X" }, 10057],
    ];
    for (const [binding, code] of cases) {
      expect(await refusal(upload(worker.id, { bindings: [binding] }))).toMatchObject({ status: 400, code });
    }
    const ai = upload(worker.id, { bindings: [{ type: "ai", name: "AI" }] });
    expect(await refusal(ai)).toMatchObject({ status: 501, message: expect.stringContaining("'ai'") });
    expect((await beta().versions.list(worker.id, { account_id })).result).toEqual([]);
  });

  it("refuses modules whose names lead elsewhere, and a main module that is not there", async () => {
    const worker = await createWorker("modules");
    for (const name of ["../x.js", "/etc/x.js", "a/../../x.js", "a\\x.js"]) {
      expect(await refusal(upload(worker.id, { main_module: name, modules: [esModule(name, "")] }))).toMatchObject({
        code: 10021,
      });
    }
    expect(await refusal(upload(worker.id, { main_module: "other.js" }))).toMatchObject({ code: 10021 });
  });

  it("inherits a secret from the version before", async () => {
    const worker = await createWorker("inheriting");
    await upload(worker.id, { bindings: [{ type: "secret_text", name: "OLD", text: SECRET }] });
    const code = "export default { fetch: (_, env) => new Response(env.NEW) }";
    const bindings = [{ type: "inherit", name: "NEW", old_name: "OLD" }];
    const second = await upload(worker.id, { modules: [esModule("index.js", code)], bindings });
    await deploy("inheriting", second.id);
    expect((await atEdge(test.cloud.edgeUrl, "inheriting.localhost")).text).toBe(SECRET);
  });

  it("deploys one version after the other, and refuses shares that are none", async () => {
    const worker = await createWorker("shares");
    const one = await upload(worker.id);
    const code = "export default { fetch: () => new Response('two') }";
    const two = await upload(worker.id, { modules: [esModule("index.js", code)] });
    await deploy("shares", one.id);
    expect((await atEdge(test.cloud.edgeUrl, "shares.localhost")).text).toBe("hello");
    await deploy("shares", two.id);
    expect((await atEdge(test.cloud.edgeUrl, "shares.localhost")).text).toBe("two");
    const listed = await test.api("GET", `/accounts/${account_id}/workers/scripts/shares/deployments`);
    const { deployments } = listed.body.result as { deployments: { versions: { version_id: string }[] }[] };
    expect(deployments.map(({ versions }) => versions[0]?.version_id)).toEqual([two.id, one.id]);

    const post = (versions: object[]) =>
      test.api("POST", `/accounts/${account_id}/workers/scripts/shares/deployments`, {
        strategy: "percentage",
        versions,
      });
    expect((await post([{ version_id: one.id, percentage: 60 }])).body.errors).toEqual([
      { code: 10210, message: "Invalid deployment: percentages must sum to 100" },
    ]);
    const unknown = "3d6f5a9e-0c1b-4f0e-9d53-6c2ab1a0ffee";
    expect((await post([{ version_id: unknown, percentage: 100 }])).body.errors[0]?.message).toBe(
      `Invalid deployment: Version not found: ${unknown}`,
    );
    const deleted = beta().versions.delete(two.id, { account_id, worker_id: worker.id });
    expect((await refusal(deleted)).message).toContain("is deployed");
  });

  it("serves a Worker only while its workers.dev address is enabled", async () => {
    const worker = await createWorker("hidden", { enabled: false });
    await deploy("hidden", (await upload(worker.id)).id);
    const status = async () => (await atEdge(test.cloud.edgeUrl, "hidden.localhost")).status;
    expect(await status()).toBe(404);
    await test.client.workers.scripts.subdomain.create("hidden", { account_id, enabled: true });
    expect(await status()).toBe(200);
    await test.client.workers.scripts.subdomain.delete("hidden", { account_id });
    expect(await status()).toBe(404);
  });

  it("keeps cron schedules, and the account's subdomain", async () => {
    const worker = await createWorker("cron");
    await upload(worker.id);
    const schedules = test.client.workers.scripts.schedules;
    await schedules.update("cron", { account_id, body: [{ cron: "*/5 * * * *" }] });
    expect((await schedules.get("cron", { account_id })).schedules).toMatchObject([{ cron: "*/5 * * * *" }]);
    expect((await refusal(schedules.update("cron", { account_id, body: [{ cron: "often" }] }))).code).toBe(10100);
    expect(await test.client.workers.subdomains.get({ account_id })).toEqual({ subdomain: "wandstore" });
  });

  it("does not delete a Worker that another one calls, unless forced", async () => {
    const called = await createWorker("called");
    await deploy("called", (await upload(called.id)).id);
    const caller = await createWorker("caller");
    await upload(caller.id, { bindings: [{ type: "service", name: "CALLED", service: "called" }] });
    expect((await beta().get(called.id, { account_id })).references.workers).toEqual([
      { id: caller.id, name: "caller" },
    ]);
    const scripts = test.client.workers.scripts;
    expect((await refusal(scripts.delete("called", { account_id }) as never)).code).toBe(10064);
    await scripts.delete("called", { account_id, force: true });
    expect((await atEdge(test.cloud.edgeUrl, "called.localhost")).status).toBe(404);
    const names = (await scripts.list({ account_id })).result.map(({ id }) => id);
    expect(names).toContain("caller");
    expect(names).not.toContain("called");
  });
});
