/** Round trips through KV, D1 and R2 with the official SDK. */
import { randomBytes } from "node:crypto";
import type Cloudflare from "cloudflare";
import { toFile } from "cloudflare";
import { refusal } from "../support";

export async function kvRoundTrip({ kv }: Cloudflare, account_id: string): Promise<void> {
  const { namespaces } = kv;
  const made = await namespaces.create({ account_id, title: "first" });
  expect(made).toEqual({ id: made.id, title: "first", supports_url_encoding: true });
  const { id: namespace_id } = made;
  await namespaces.update(namespace_id, { account_id, title: "second" });
  expect(await namespaces.get(namespace_id, { account_id })).toMatchObject({ title: "second" });
  for (const title of ["third", "fourth"]) await namespaces.create({ account_id, title });
  const titles = [];
  for await (const { title } of namespaces.list({ account_id, per_page: 1, order: "title" })) titles.push(title);
  expect(titles).toEqual(["fourth", "second", "third"]);

  const at = { account_id, namespace_id };
  const bytes = randomBytes(70_000);
  await namespaces.values.update("bin/ä", { ...at, value: await toFile(bytes), metadata: '{"of":"ä"}' } as never);
  const answer = await namespaces.values.get("bin/ä", at);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  expect(await namespaces.metadata.get("bin/ä", at)).toEqual({ of: "ä" });
  await namespaces.values.delete("bin/ä", at);
  expect(await refusal(namespaces.metadata.get("bin/ä", at))).toMatchObject({ status: 404, code: 10009 });

  const pairs = Array.from({ length: 25 }, (_, n) => ({ key: `k${n + 10}`, value: `v${n}` }));
  const { data, response } = await namespaces.bulkUpdate(namespace_id, { account_id, body: pairs }).withResponse();
  expect([data?.successful_key_count, response.status]).toEqual([25, 200]);
  await namespaces.keys.bulkUpdate(namespace_id, {
    account_id,
    body: [{ key: "json", value: '{"a":1}', metadata: {} }],
  });
  const keys = [];
  for await (const { name } of namespaces.keys.list(namespace_id, { account_id, limit: 10, prefix: "k" })) {
    keys.push(name);
  }
  expect(keys).toEqual(pairs.map(({ key }) => key));
  const read = await namespaces.bulkGet(namespace_id, { account_id, keys: ["json"], type: "json" });
  expect(read).toEqual({ values: { json: { a: 1 } } });
  const again = await namespaces.keys.bulkGet(namespace_id, { account_id, keys: ["json"], withMetadata: true });
  expect(again).toEqual({ values: { json: { value: '{"a":1}', metadata: {} } } });
  await namespaces.bulkDelete(namespace_id, { account_id, body: keys.slice(1) });
  await namespaces.keys.bulkDelete(namespace_id, { account_id, body: ["json"] });
  expect((await namespaces.keys.list(namespace_id, { account_id })).result).toEqual([{ name: "k10" }]);
  await namespaces.delete(namespace_id, { account_id });
  expect(await refusal(namespaces.get(namespace_id, { account_id }))).toMatchObject({ status: 404, code: 10013 });
}

export async function d1RoundTrip({ d1 }: Cloudflare, account_id: string): Promise<void> {
  const { database } = d1;
  const { uuid = "", name } = await database.create({ account_id, name: "first" });
  expect(name).toBe("first");
  await database.create({ account_id, name: "other" });
  const names = [];
  for await (const one of database.list({ account_id, per_page: 1 })) names.push(one.name);
  expect(names.toSorted()).toEqual(["first", "other"]);
  await database.update(uuid, { account_id, read_replication: { mode: "auto" } });
  await database.edit(uuid, { account_id, read_replication: { mode: "disabled" } });
  expect(await database.get(uuid, { account_id })).toMatchObject({ read_replication: { mode: "disabled" } });

  const query = async (sql: string, params: string[] = []) =>
    (await database.query(uuid, { account_id, sql, params })).result.map((one) => one.results);
  await query("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE)");
  expect(await query("INSERT INTO t (name) VALUES (?1) RETURNING *", ["wand"])).toEqual([[{ id: 1, name: "wand" }]]);
  const raw = await database.raw(uuid, { account_id, sql: "SELECT name, id FROM t" });
  expect(raw.result[0]?.results).toEqual({ columns: ["name", "id"], rows: [["wand", 1]] });

  const { bookmark = "" } = await database.timeTravel.getBookmark(uuid, { account_id });
  await query("INSERT INTO t (name) VALUES ('hat'); CREATE INDEX by_name ON t (name); DELETE FROM t WHERE id = 1");
  const restored = await database.timeTravel.restore(uuid, { account_id, bookmark });
  expect(await query("SELECT name FROM t")).toEqual([[{ name: "wand" }]]);
  expect(await query("SELECT name FROM sqlite_schema WHERE name = 'by_name'")).toEqual([[]]);
  await database.timeTravel.restore(uuid, { account_id, bookmark: restored.previous_bookmark ?? "" });
  expect(await query("SELECT name FROM t")).toEqual([[{ name: "hat" }]]);

  const exported = await database.export(uuid, { account_id, output_format: "polling" });
  const text = await (await fetch(exported.result?.signed_url ?? "")).text();
  expect(text).toContain('INSERT INTO "t" ("id","name") VALUES(2,\'hat\');');
  const { uuid: copy = "" } = await database.create({ account_id, name: "copy" });
  const etag = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(text)))
    .toString("hex")
    .slice(0, 32);
  const begun = await database.import(copy, { account_id, action: "init", etag });
  expect(begun.upload_url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const put = await fetch(begun.upload_url ?? "", { method: "PUT", body: text });
  const md5 = put.headers.get("etag")?.replaceAll('"', "") ?? "";
  const done = await database.import(copy, { account_id, action: "ingest", etag: md5, filename: begun.filename ?? "" });
  expect(done.status).toBe("complete");
  expect((await database.query(copy, { account_id, sql: "SELECT name FROM t" })).result[0]?.results).toEqual([
    { name: "hat" },
  ]);
  await database.delete(uuid, { account_id });
  expect(await refusal(database.get(uuid, { account_id }))).toMatchObject({ status: 404, code: 7404 });
}

export async function r2RoundTrip({ r2 }: Cloudflare, account_id: string): Promise<void> {
  const { buckets } = r2;
  const bucket_name = "first";
  await buckets.create({ account_id, name: bucket_name, locationHint: "weur" });
  await buckets.edit(bucket_name, { account_id, storage_class: "InfrequentAccess" });
  expect(await buckets.get(bucket_name, { account_id })).toMatchObject({
    location: "weur",
    storage_class: "InfrequentAccess",
  });
  expect((await buckets.list({ account_id })).buckets?.map(({ name }) => name)).toEqual([bucket_name]);
  const condition = { type: "Age" as const, maxAge: 3600 };
  const rules = [{ id: "r", enabled: true, conditions: { prefix: "" }, deleteObjectsTransition: { condition } }];
  await buckets.lifecycle.update(bucket_name, { account_id, rules });
  expect(await buckets.lifecycle.get(bucket_name, { account_id })).toEqual({ rules });

  const at = { account_id, bucket_name };
  const bytes = randomBytes(50_000);
  const put = await buckets.objects.upload("a/ü.bin", bytes, at);
  expect(put).toMatchObject({ key: "a/ü.bin", size: "50000" });
  const got = await buckets.objects.get("a/ü.bin", at);
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true);
  for (const key of ["b/1", "b/2", "b/3"]) await buckets.objects.upload(key, key as never, at);
  const keys = [];
  for await (const one of buckets.objects.list(bucket_name, { account_id, per_page: 2 })) keys.push(one.key);
  expect(keys).toEqual(["a/ü.bin", "b/1", "b/2", "b/3"]);
  expect(await refusal(buckets.delete(bucket_name, { account_id }))).toMatchObject({ status: 409, code: 10008 });
  for (const key of keys) await buckets.objects.delete(key ?? "", at);
  await buckets.delete(bucket_name, { account_id });
  expect(await refusal(buckets.get(bucket_name, { account_id }))).toMatchObject({ status: 404, code: 10006 });
}
