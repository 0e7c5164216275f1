import { DatabaseSync } from "node:sqlite";
import type { CloudflareApi } from "../../../../infra/cloudflare";
import { NOT_READ_BACK } from "../../../../infra/providers/unread";
import { readEvents } from "../../../../local/deploy/drift/pulumiEvents";
import { schemaChanges } from "../../../../local/deploy/drift/schema";
import { findStrays, stackOf } from "../../../../local/deploy/drift/strays";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "../../../../local/deploy/engine/values";
import type { StackAccount } from "../../../../local/deploy/release/account";

const KV = "cloudflare:index/workersKvNamespace:WorkersKvNamespace";
const PASSWORD = "random:index/randomPassword:RandomPassword";

describe("the events of the Pulumi CLI's refresh", () => {
  const line = (op: string, type: string, name: string, old: object, live?: object): string =>
    JSON.stringify({
      resOutputsEvent: {
        metadata: { op, urn: `urn:pulumi:prod::shop::${type}::${name}`, type, old, new: live ?? old },
      },
    });
  const namespace = (title: string, id = "ns-1") => ({ id, inputs: { accountId: "a", title }, outputs: { title } });

  it("tell what is as it was, what changed and what is gone", () => {
    const [same, other, gone] = readEvents(
      [
        '{"diagnosticEvent":{"severity":"warning","message":"using a plugin from the PATH"}}',
        line("same", KV, "same", namespace("a", "1")),
        line("update", KV, "other", namespace("a", "2"), namespace("b", "2")),
        line("delete", KV, "gone", namespace("a", "3")),
        '{"summaryEvent":{"resourceChanges":{"update":1}}}',
        "",
      ].join("\n"),
    );
    expect(same).toMatchObject({ name: "same", id: "1", live: [] });
    expect(other).toMatchObject({ name: "other", live: [{ path: "title", before: "a", after: "b" }] });
    expect(gone).toMatchObject({ name: "gone", live: "deleted" });
  });

  it("leave out what a cloud fills in by itself, components, and what is in the state alone", () => {
    const database = (size: number) => ({ id: "d", inputs: { name: "db" }, outputs: { name: "db", fileSize: size } });
    const log = [
      line("update", "cloudflare:index/d1Database:D1Database", "db", database(1), database(2)),
      line("same", "wandstore:infra:EdgeStorage", "storage", { outputs: {} }),
      line("same", PASSWORD, "password", { id: "none" }),
      line("same", "pulumi:providers:wandstore", "wandstore", { id: "p" }),
    ].join("\n");
    expect(readEvents(log)).toMatchObject([{ name: "db", live: [] }]);
  });

  it("see the digest of an image, a Worker's tags, and no secret that was only encrypted anew", () => {
    const image = (digest: string) => ({ id: "i", inputs: { tag: "1" }, outputs: { digest } });
    const hook = (ciphertext: string, name: string) => ({
      id: "h",
      inputs: { name, url: { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext } },
    });
    const found = readEvents(
      [
        line("update", "wandstore:index:RegistryImage", "image", image("sha256:a"), image("sha256:b")),
        line("update", "x:y:Hook", "hook", hook("v1:one", "a"), hook("v1:two", "b")),
      ].join("\n"),
    );
    expect(found[0]?.live).toEqual([{ path: "digest", before: "sha256:a", after: "sha256:b" }]);
    expect(found[1]?.live).toEqual([{ path: "name", before: "a", after: "b" }]);
  });

  it("tell by ids what was made from what", () => {
    const pair = { id: "k", inputs: { namespaceId: "ns-1", keyName: "a" } };
    const [, value] = readEvents(
      [line("same", KV, "ns", namespace("a")), line("same", "x:y:Kv", "kv", pair)].join("\n"),
    );
    expect(value?.dependencies).toEqual([`urn:pulumi:prod::shop::${KV}::ns`]);
  });
});

describe("the tables of a database", () => {
  const migrations = [
    { name: "0001.sql", sql: "-- first\nCREATE TABLE a (\n  id TEXT\n); CREATE INDEX i ON a (id);" },
    { name: "0002.sql", sql: "ALTER TABLE a ADD COLUMN b TEXT;" },
  ];
  const where = { accountId: "a", databaseId: "d" };
  /** A database that somebody made, behind Cloudflare's API. */
  const apiOf = (sql: string): CloudflareApi => {
    const database = new DatabaseSync(":memory:");
    database.exec(sql);
    return (async (_method: string, _path: string, body: { sql: string }) => [
      { results: database.prepare(body.sql).all() },
    ]) as unknown as CloudflareApi;
  };

  it("are those that the migrations make, however they are written; tables of others' tools do not count", async () => {
    const same = "CREATE TABLE a (id TEXT, b TEXT); CREATE INDEX i ON a (id)";
    const live = `${same.replace("(id TEXT, b TEXT)", "( id TEXT , b TEXT)")}; CREATE TABLE d1_migrations (id); CREATE TABLE _cf_KV (key)`;
    expect(await schemaChanges(apiOf(live), where, migrations)).toEqual([]);
  });

  it("are named when they were dropped, altered or added", async () => {
    const live = "CREATE TABLE a ( id TEXT , b TEXT, email TEXT); CREATE TABLE extra (id)";
    expect((await schemaChanges(apiOf(live), where, migrations))?.map(({ path }) => path)).toEqual([
      "tables.a",
      "tables.extra",
      "indexes.i",
    ]);
  });

  it("are not judged where a migration's text is not known", async () => {
    const unread = [{ name: "0001.sql", sql: NOT_READ_BACK }];
    expect(await schemaChanges(apiOf("CREATE TABLE a (id)"), where, unread)).toBeUndefined();
  });
});

describe("what is called like a part of the stack", () => {
  const account = (namespaces: object[]): StackAccount =>
    ({
      accountId: "a",
      api: async (_method: string, path: string) =>
        path.includes("kv/namespaces") ? namespaces : path.includes("r2") ? { buckets: [] } : [],
    }) as unknown as StackAccount;

  it("is named where no state has it; what the state has, and others' things, are not", async () => {
    const all = [
      { id: "1", title: "wandstore-shop-ui-cache" },
      { id: "2", title: "wandstore-shop-old" },
      { id: "3", title: "wandstore-shop-acme-ui-cache" },
      { id: "4", title: "wandstore-shopping-cache" },
    ];
    expect(await findStrays(account(all), "shop", ["shop-acme"], [{ id: "1" }])).toEqual([
      { what: "KV namespace", name: "wandstore-shop-old", id: "2" },
    ]);
  });

  it("belongs to the stack with the longest name that it begins with", () => {
    expect(stackOf("wandstore-shop-acme-db", ["shop", "shop-acme"])).toBe("shop-acme");
    expect(stackOf("wandstore-shop-db", ["shop", "shop-acme"])).toBe("shop");
    expect(stackOf("wandstore-shopping-db", ["shop"])).toBeUndefined();
  });
});
