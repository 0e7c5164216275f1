import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BINARY, ENTRIES, failure, SQL, STAMP, startShop } from "./shopData";
import { urnOf } from "./setup";

const URN = urnOf("DataExport");
let shop: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

describe("deleting it, before a shop's data is deleted", () => {
  const polls: unknown[] = [];
  beforeAll(async () => {
    await shop.reset();
    const { id, outs = {} } = await shop.provider.create(URN, shop.inputs);
    expect(shop.asked).toEqual([]);
    shop.intercept = shop.exportingD1({}, polls);
    await shop.provider.delete(id, URN, outs);
  });

  test("writes each KV entry as it is, in the form that KV's bulk write takes", async () => {
    expect(shop.folders()).toEqual([STAMP]);
    expect(shop.lines("kv/UI_CACHE.jsonl")).toEqual(ENTRIES);
    expect(shop.read("kv/STORES.jsonl")).toBe("");
    const path = `/storage/kv/namespaces/${shop.inputs.kvNamespaces.STORES}/bulk`;
    await shop.api("PUT", path, JSON.stringify(shop.lines("kv/UI_CACHE.jsonl")));
    await shop.api("DELETE", path, JSON.stringify(ENTRIES.map(({ key }) => key)));
  });

  test("writes the database as SQL, once D1 has it ready", () => {
    expect(shop.read("d1.sql")).toBe(SQL);
    const again = { output_format: "polling", current_bookmark: "b-1" };
    expect(polls).toEqual([{ output_format: "polling" }, again, again]);
  });

  test("writes each object into a file of its own, and says in an index which", () => {
    const index = shop.lines("r2/index.jsonl");
    expect(index.map(({ key, size }) => [key, size])).toEqual([
      ["generated/A.html", 12],
      ["generated/a.html", 8],
      ["generated/é b/?.bin", 4],
    ]);
    const files = index.map(({ file }) => String(file));
    for (const file of files) expect(file).toMatch(/^r2\/[0-9a-f]{32}-[\w.-]+$/);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(3);
    const bytes = readFileSync(join(shop.root, "exports/prod", STAMP, files[2] ?? ""));
    expect(bytes.equals(BINARY)).toBe(true);
    expect(index[2]).toMatchObject({ sha256: sha256(BINARY), http_metadata: { contentType: "text/html" } });
    expect(index[2]?.["etag"]).toMatch(/^[0-9a-f]{32}$/);
  });

  test("counts it all in a manifest, with the SHA-256 of each file", () => {
    const { accountId, kvNamespaces, databaseId, bucketName } = shop.inputs;
    const file = (name: string) => {
      const content = shop.read(name);
      return { file: name, bytes: Buffer.byteLength(content), sha256: sha256(content) };
    };
    expect(JSON.parse(shop.read("manifest.json"))).toEqual({
      format: 1,
      exportedAt: "2026-11-21T14:03:09.250Z",
      accountId,
      kv: {
        UI_CACHE: { namespaceId: kvNamespaces.UI_CACHE, entries: 4, ...file("kv/UI_CACHE.jsonl") },
        STORES: { namespaceId: kvNamespaces.STORES, entries: 0, ...file("kv/STORES.jsonl") },
      },
      d1: { databaseId, ...file("d1.sql") },
      r2: { bucketName, objects: 3, bytes: 24, index: file("r2/index.jsonl") },
      gone: [],
    });
  });

  test("lets nobody but the owner read the files", () => {
    const folder = `exports/prod/${STAMP}`;
    const modeOf = (path: string): string => (statSync(join(shop.root, path)).mode & 0o777).toString(8);
    const folders = ["exports", "exports/prod", folder, `${folder}/kv`, `${folder}/r2`];
    expect(folders.filter((path) => modeOf(path) !== "700")).toEqual([]);
    const objects = shop.lines("r2/index.jsonl").map(({ file }) => String(file));
    const files = ["d1.sql", "manifest.json", "kv/UI_CACHE.jsonl", "r2/index.jsonl", ...objects];
    expect(files.filter((path) => modeOf(`${folder}/${path}`) !== "600")).toEqual([]);
  });

  test("leaves an empty bucket, which R2 deletes", async () => {
    expect(await shop.objects()).toEqual([]);
  });
});

describe("deleting it", () => {
  beforeEach(() => shop.reset());

  test("reads a hundred values at a time, page after page", async () => {
    const { STORES } = shop.inputs.kvNamespaces;
    const path = `/storage/kv/namespaces/${STORES}/bulk`;
    const entries = Array.from({ length: 25 }, (_, index) => ({ key: `k${index}`, value: `v${index}` }));
    await shop.api("PUT", path, JSON.stringify(entries));
    shop.intercept = shop.exportingD1();
    await shop.provider.delete("id", URN, shop.inputs);
    await shop.api("DELETE", path, JSON.stringify(entries.map(({ key }) => key)));
    const found = shop.lines("kv/STORES.jsonl").map(({ key, value }) => `${String(key)} ${String(value)}`);
    expect(found.toSorted()).toEqual(entries.map(({ key, value }) => `${key} ${value}`).toSorted());
    const of = (what: string) => shop.asked.filter((request) => request.endsWith(`${STORES}/${what}`)).length;
    expect([of("keys"), of("bulk/get")]).toEqual([3, 3]);
  });

  test("writes what a database really holds, in SQL that makes it anew", async () => {
    const sql = "CREATE TABLE shoppers (id TEXT); INSERT INTO shoppers VALUES ('it''s ä');";
    await shop.api("POST", `/d1/database/${shop.inputs.databaseId}/query`, JSON.stringify({ sql }));
    await shop.provider.delete("id", URN, shop.inputs); // with the export of the embedded cloud
    const database = new DatabaseSync(":memory:");
    database.exec(shop.read("d1.sql"));
    expect(database.prepare("SELECT id FROM shoppers").all()).toEqual([{ id: "it's ä" }]);
    database.close();
  });

  test("twice in the same second makes two folders", async () => {
    for (const _ of [1, 2]) {
      shop.intercept = shop.exportingD1();
      await shop.provider.delete("id", URN, shop.inputs);
    }
    expect(shop.folders()).toEqual([STAMP, `${STAMP}-2`]);
  });

  test("empties the bucket also where nothing is to be exported", async () => {
    await shop.provider.delete("id", URN, { ...shop.inputs, enabled: false });
    expect(shop.folders()).toEqual([]);
    expect(await shop.objects()).toEqual([]);
  });

  test("finds that some of it is gone already, and says so in the manifest", async () => {
    const { STORES } = shop.inputs.kvNamespaces;
    const gone = {
      databaseId: "5f3f1c76-6f5c-4d4a-a1c2-7b1f0f0f0f0f",
      kvNamespaces: { UI_CACHE: "0".repeat(32), STORES },
    };
    await shop.provider.delete("id", URN, { ...shop.inputs, ...gone });
    expect(JSON.parse(shop.read("manifest.json"))).toMatchObject({
      kv: { STORES: { entries: 0 } },
      r2: { objects: 3 },
      gone: [`kv UI_CACHE ${"0".repeat(32)}`, `d1 ${gone.databaseId}`],
    });
  });

  test("leaves no folder when all of it is gone", async () => {
    const databaseId = "5f3f1c76-6f5c-4d4a-a1c2-7b1f0f0f0f0f";
    const gone = { databaseId, kvNamespaces: { UI_CACHE: "0".repeat(32) }, bucketName: "no-such-bucket" };
    await shop.provider.delete("id", URN, { ...shop.inputs, ...gone });
    expect(shop.folders()).toEqual([]);
    expect(shop.asked.every((request) => request.startsWith("GET"))).toBe(true);
  });
});

describe("an update", () => {
  beforeEach(() => shop.reset());
  const replaced = () => ({ ...shop.inputs.kvNamespaces, UI_CACHE: "f".repeat(32) });

  test("exports a namespace that another takes the place of, and nothing else", async () => {
    const news = { ...shop.inputs, kvNamespaces: replaced() };
    const { outs } = await shop.provider.update("id", URN, shop.inputs, news);
    expect(outs).toEqual({ ...news, exportedTo: `exports/prod/${STAMP}` });
    const manifest = JSON.parse(shop.read("manifest.json")) as object;
    expect(Object.keys(manifest)).toEqual(["format", "exportedAt", "accountId", "kv", "gone"]);
    expect(shop.lines("kv/UI_CACHE.jsonl")).toEqual(ENTRIES);
    expect(existsSync(join(shop.root, "exports/prod", STAMP, "kv/STORES.jsonl"))).toBe(false);
    expect(await shop.objects()).toHaveLength(3);
  });

  test("exports and empties a bucket that another takes the place of, and asks for nothing of the other", async () => {
    await shop.provider.update("id", URN, shop.inputs, { ...shop.inputs, bucketName: "another" });
    expect(shop.lines("r2/index.jsonl")).toHaveLength(3);
    expect(await shop.objects()).toEqual([]);
    expect(shop.asked.filter((request) => request.includes("another"))).toEqual([]);
  });

  test("of a binding's name, the folder or the switch touches no data and keeps what it knew", async () => {
    const { UI_CACHE, STORES } = shop.inputs.kvNamespaces;
    const news = { ...shop.inputs, kvNamespaces: { PAGES: UI_CACHE, STORES }, folder: "elsewhere", enabled: false };
    const { outs } = await shop.provider.update("id", URN, { ...shop.inputs, exportedTo: "exports/prod/before" }, news);
    expect(outs).toEqual({ ...news, exportedTo: "exports/prod/before" });
    expect(shop.asked).toEqual([]);
  });

  test("that cannot export changes nothing", async () => {
    shop.intercept = ({ path }) =>
      path.includes("/keys") ? Response.json({ success: false, errors: [] }, { status: 403 }) : undefined;
    const news = { ...shop.inputs, kvNamespaces: {}, bucketName: "another" };
    expect(await failure(shop.provider.update("id", URN, shop.inputs, news))).toContain("Nothing was deleted");
    expect(await shop.objects()).toHaveLength(3);
  });
});

test("another account replaces it, so that what is in the old one is exported", async () => {
  const diff = (news: object) => shop.provider.diff("id", URN, shop.inputs, { ...shop.inputs, ...news });
  expect(await diff({ accountId: "f".repeat(32) })).toMatchObject({ changes: true, replaces: ["accountId"] });
  expect(await diff({ bucketName: "other" })).toMatchObject({ changes: true, replaces: [] });
  expect(await diff({})).toMatchObject({ changes: false });
});

test.each([
  [{ folder: "/etc" }, "folder"],
  [{ folder: "../outside" }, "folder"],
  [{ folder: "a/../../b" }, "folder"],
  [{ folder: "" }, "folder"],
  [{ kvNamespaces: { "../UI": "id" } }, 'kvNamespaces["../UI"]'],
])("%j is refused", async (change, property) => {
  const { failures = [] } = await shop.provider.check(URN, {}, { ...shop.inputs, ...change });
  expect(failures.map((each) => each.property)).toEqual([property]);
});

test("a folder anywhere inside the project is fine", async () => {
  const { failures } = await shop.provider.check(URN, {}, { ...shop.inputs, folder: "a/b/../c" });
  expect(failures).toEqual([]);
});
