import { createServer, type AddressInfo } from "node:net";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import path from "node:path";
import { startHost, type Host } from "../../../../local/cloud/host";
import { edgeTable, get, HostFolder } from "./support";

const KV = "a".repeat(32);
const D1 = "6b9f3a52-6d0b-4c4e-9d80-6f3e3f7b1c11";
const R2 = "wand-bucket";
const OBJECTS = "d".repeat(32);

/** Counts its visits in each kind of storage. */
const COUNTER = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
export default {
  async fetch(request, env) {
    const kv = Number(await env.CACHE.get("count")) + 1;
    await env.CACHE.put("count", String(kv));
    await env.DB.exec("CREATE TABLE IF NOT EXISTS visits (at INTEGER)");
    await env.DB.prepare("INSERT INTO visits VALUES (?)").bind(1).run();
    const d1 = await env.DB.prepare("SELECT COUNT(*) AS n FROM visits").first("n");
    await env.FILES.put("visit-" + kv, "x");
    const r2 = (await env.FILES.list()).objects.length;
    const object = await env.COUNTER.get(env.COUNTER.idFromName("a")).next();
    console.log("counted", kv);
    return Response.json({ kv, d1, r2, object, text: env.GREETING, json: env.SETTINGS });
  },
  async scheduled(event, env) {
    await env.CACHE.put("cron", event.cron);
  },
};`;
const counterParts = {
  bindings: [
    { type: "kv", name: "CACHE", namespaceId: KV },
    { type: "d1", name: "DB", databaseId: D1 },
    { type: "r2", name: "FILES", bucketName: R2 },
    { type: "durableObject", name: "COUNTER", className: "Counter" },
    { type: "text", name: "GREETING", text: "hi" },
    { type: "json", name: "SETTINGS", json: { size: 3 } },
  ] as const,
  durableObjects: [{ className: "Counter", namespaceId: OBJECTS, sqlite: true }],
};
const counter = (folder: HostFolder) =>
  folder.worker("shop", COUNTER, { ...counterParts, bindings: [...counterParts.bindings] });

/** The ports at which processes listen on IPv4 (Linux's `/proc`). */
async function portsOf(pids: readonly number[]): Promise<number[]> {
  const sockets = new Set<string>();
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))?.[1];
      if (inode !== undefined) sockets.add(inode);
    }
  }
  const lines = (await readFile("/proc/net/tcp", "utf8")).trim().split("\n").slice(1);
  return lines.flatMap((line) => {
    const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
    return state === "0A" && sockets.has(inode) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
  });
}

let folder: HostFolder;
let host: Host;
beforeEach(async () => {
  folder = await HostFolder.create();
  host = await folder.start();
});
afterEach(() => folder.remove());

test("a Worker answers at the edge with KV, D1, R2 and Durable Objects, and the data is there after a close and a start", async () => {
  await host.setWorker(await counter(folder));
  host.setEdge(edgeTable("shop"));
  const first = await get(host, "shop.localhost:8787");
  expect(first.status).toBe(200);
  expect(JSON.parse(first.text)).toEqual({ kv: 1, d1: 1, r2: 1, object: 1, text: "hi", json: { size: 3 } });
  expect(folder.lines).toContain("shop: counted 1");

  await host.close();
  host = await folder.start();
  await host.setWorker(await counter(folder));
  host.setEdge(edgeTable("shop"));
  expect(JSON.parse((await get(host, "127.0.0.1:8787")).text)).toMatchObject({ kv: 2, d1: 2, r2: 2, object: 2 });
});

test("the API reads and writes data before a Worker is bound to it, and after", async () => {
  const kv = await host.kv(KV);
  const d1 = await host.d1(D1);
  const r2 = await host.r2(R2);
  await kv.put("count", "41", { metadata: { by: "api" } });
  await d1.exec("CREATE TABLE visits (at INTEGER)");
  const insert = d1.prepare("INSERT INTO visits VALUES (?)");
  await d1.batch([insert.bind(1), insert.bind(2)]);
  await r2.put("visit-0", "x");

  await host.setWorker(await counter(folder));
  host.setEdge(edgeTable("shop"));
  expect(JSON.parse((await get(host, "shop.localhost")).text)).toMatchObject({ kv: 42, d1: 3, r2: 2, object: 1 });
  expect(await kv.get("count")).toBe("42");
  expect((await kv.list()).keys.map(({ name }) => name)).toEqual(["count"]);
  expect(await d1.prepare("SELECT COUNT(*) AS n FROM visits WHERE at < ?").bind(2).first("n")).toBe(2);
  expect((await d1.prepare("SELECT at FROM visits").raw()).flat()).toEqual([1, 2, 1]);
  expect((await r2.list()).objects).toHaveLength(2);
});

test("queries of D1 answer as its binding does, mistakes in SQL too", async () => {
  const d1 = await host.d1(D1);
  await d1.batch([
    d1.prepare("CREATE TABLE things (n INTEGER, text TEXT, bytes BLOB)"),
    d1.prepare("INSERT INTO things VALUES (?, ?, x'0102'), (2, NULL, NULL)").bind(1, "it's \u{1f9d9}"),
  ]);
  const all = d1.prepare("SELECT * FROM things ORDER BY n");
  const rows = [
    { n: 1, text: "it's \u{1f9d9}", bytes: [1, 2] },
    { n: 2, text: null, bytes: null },
  ];
  expect(await all.all()).toMatchObject({ success: true, results: rows, meta: { rows_read: expect.any(Number) } });
  expect(await all.raw({ columnNames: true })).toEqual([
    ["n", "text", "bytes"],
    ...rows.map((row) => Object.values(row)),
  ]);
  expect(await all.first()).toEqual(rows[0]);
  expect(await all.first("n")).toBe(1);
  expect(await d1.prepare("SELECT 1 WHERE 0").first()).toBeNull();
  expect((await d1.prepare("DELETE FROM things").run()).meta.changes).toBe(2);
  await expect(d1.prepare("SELEC 1").all()).rejects.toThrow(
    'D1_ERROR: near "SELEC": syntax error at offset 0: SQLITE_ERROR',
  );
});

const onLinux = process.platform === "linux" ? test : test.skip;
onLinux("what the host keeps for itself answers no other program of this machine", async () => {
  const d1 = await host.d1(D1);
  await d1.exec("CREATE TABLE kept (n INTEGER)");
  const { children } = JSON.parse(await readFile(path.join(folder.dataDir, "processes.json"), "utf8")) as {
    children: { pid: number }[];
  };
  const ports = await portsOf(children.map(({ pid }) => pid));
  expect(ports.length).toBeGreaterThan(0);
  const body = JSON.stringify({ id: D1, method: "run", statements: [{ sql: "DROP TABLE kept", values: [] }] });
  for (const port of ports) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body }).catch(() => undefined);
    expect(answer?.ok ?? false).toBe(false);
  }
  expect(await d1.prepare("SELECT COUNT(*) AS n FROM kept").first("n")).toBe(0);
});

test("a cron trigger reaches the scheduled handler, and its lack is an error", async () => {
  await host.setWorker(await counter(folder));
  await host.runScheduled("shop", "*/5 * * * *");
  expect(await (await host.kv(KV)).get("cron")).toBe("*/5 * * * *");
  await expect(host.runScheduled("absent", "* * * * *")).rejects.toThrow("there is no Worker absent");
});

test("what is deleted leaves no data, and a new resource of the same name starts empty", async () => {
  await host.setWorker(await counter(folder));
  host.setEdge(edgeTable("shop"));
  await get(host, "shop.localhost");
  expect(existsSync(path.join(folder.dataDir, "do", OBJECTS))).toBe(true);
  await host.removeWorker("shop");
  expect(existsSync(path.join(folder.dataDir, "do", OBJECTS))).toBe(false);
  expect((await get(host, "shop.localhost")).status).toBe(404);
  await Promise.all([host.deleteKv(KV), host.deleteD1(D1), host.deleteR2(R2)]);

  await host.setWorker(await counter(folder));
  expect(JSON.parse((await get(host, "shop.localhost")).text)).toMatchObject({ kv: 1, d1: 1, r2: 1, object: 1 });
});

test("a version without a Durable Object class loses that class's data, and keeps the others'", async () => {
  await host.setWorker(await counter(folder));
  host.setEdge(edgeTable("shop"));
  await get(host, "shop.localhost");
  await host.setWorker(await folder.worker("shop", "export default { fetch: () => new Response('plain') }"));
  expect(existsSync(path.join(folder.dataDir, "do", OBJECTS))).toBe(false);
  expect((await get(host, "shop.localhost")).text).toBe("plain");
  expect(await (await host.kv(KV)).get("count")).toBe("1");
});

test("Workers call each other by service and Durable Object bindings, in any order of deployment", async () => {
  const caller = `export default { async fetch(request, env) {
    const object = await env.OBJECT.get(env.OBJECT.idFromName("a")).next();
    return new Response((await (await env.BACK.fetch(request)).text()) + " and " + object);
  } };`;
  const front = await folder.worker("front", caller, {
    bindings: [
      { type: "service", name: "BACK", service: "back" },
      { type: "durableObject", name: "OBJECT", className: "Counter", scriptName: "shop" },
    ],
  });
  await host.setWorker(front);
  host.setEdge(edgeTable("front"));
  const early = await get(host, "front.localhost");
  expect(early.status).toBe(503);
  expect(early.text).toContain("binding BACK of Worker front names the Worker back, which is not deployed");
  await host.setWorker(await folder.worker("back", "export default { fetch: () => new Response('from the back') }"));
  await host.setWorker(await counter(folder));
  expect((await get(host, "front.localhost")).text).toBe("from the back and 1");
});

test("the edge tells the Worker who came, and takes no word of the visitor's for it", async () => {
  const echo = `export default { fetch(request) {
    return Response.json({ url: request.url, cf: request.cf, headers: Object.fromEntries(request.headers) });
  } };`;
  await host.setWorker(await folder.worker("echo", echo));
  host.setEdge(edgeTable("echo"));
  const forged = { "cf-connecting-ip": "6.6.6.6", "mf-cf-blob": '{"country":"DE"}' };
  const seen = JSON.parse((await get(host, "echo.localhost:99", "/a//b?c=d", forged)).text);
  expect(seen.url).toBe("http://echo.localhost:99/a//b?c=d");
  expect(seen.cf).toMatchObject({ country: "XX" });
  expect(seen.headers).toMatchObject({
    "cf-connecting-ip": "127.0.0.1",
    host: "echo.localhost:99",
    "x-forwarded-proto": "http",
  });
  expect(seen.headers).not.toHaveProperty("mf-cf-blob");
});

// RFC 9112, 3.2.2: a server accepts it, and goes by the host in it whatever the header Host says.
test.each([
  ["http://echo.localhost:99/a//b?c=d", "http://echo.localhost:99/a//b?c=d"],
  ["HTTPS://Me:secret@echo.localhost?c=http://d/", "http://echo.localhost/?c=http://d/"],
  ["http://echo.localhost", "http://echo.localhost/"],
  ["/http://shop.localhost/", "http://elsewhere.localhost/http://shop.localhost/"],
])("a request line with a whole address, %s, goes to its host", async (target, url) => {
  const echo = "export default { fetch: (request) => Response.json([request.url, request.headers.get('host')]) };";
  await host.setWorker(await folder.worker("echo", echo));
  host.setEdge({ workers: [{ name: "echo", hosts: ["echo.localhost", "elsewhere.localhost"] }] });
  const { text } = await get(host, "elsewhere.localhost", "/", {}, target);
  expect(JSON.parse(text)).toEqual([url, new URL(url).host]);
});

test("a request line with an address of a host that nobody knows is refused as the host is", async () => {
  host.setEdge(edgeTable("shop"));
  const { status, text } = await get(host, "shop.localhost", "/", {}, "http://strange.localhost/");
  expect([status, text]).toEqual([404, expect.stringContaining('the host "strange.localhost"')]);
});

test("an unknown host is a 404 that lists the known ones", async () => {
  host.setEdge({ workers: [{ name: "shop", hosts: ["Shop.localhost"] }] });
  const { status, text } = await get(host, "shopp.localhost");
  expect(status).toBe(404);
  expect(text).toContain('No Worker answers for the host "shopp.localhost". Hosts known: shop.localhost');
});

test("a broken Worker says why with a 503, harms no other, and is tried again when it is mended", async () => {
  await host.setWorker(await folder.worker("broken", "export default {{"));
  await host.setWorker(await folder.worker("sound", "export default { fetch: () => new Response('sound') }"));
  host.setEdge(edgeTable("broken", "sound"));
  const [broken, sound] = await Promise.all([get(host, "broken.localhost"), get(host, "sound.localhost")]);
  expect(broken).toMatchObject({
    status: 503,
    text: expect.stringMatching(/The Worker broken cannot start:[^]*SyntaxError/),
  });
  expect(sound.text).toBe("sound");
  await host.setWorker(await folder.worker("broken", "export default { fetch: () => new Response('mended') }"));
  expect((await get(host, "broken.localhost")).text).toBe("mended");
});

test("a compatibility date that this workerd does not know is refused with the newest that it does", async () => {
  const source = "export default { fetch: () => new Response('x') }";
  const compatibilityDate = new Date().toISOString().slice(0, 10); // a workerd knows the dates of the week after its own
  await host.setWorker(await folder.worker("early", source, { compatibilityDate }));
  host.setEdge(edgeTable("early"));
  const { status, text } = await get(host, "early.localhost");
  expect(status).toBe(503);
  expect(text).toContain(`requires compatibility date "${compatibilityDate}", but the newest date supported`);
});

test("two hosts in one process do not end each other's Workers", async () => {
  const source = "let visits = 0; export default { fetch: () => new Response(String(++visits)) }";
  await host.setWorker(await folder.worker("shop", source));
  host.setEdge(edgeTable("shop"));
  const otherFolder = await HostFolder.create();
  const other = await otherFolder.start();
  await (await other.kv(KV)).put("key", "value");
  expect((await get(host, "shop.localhost")).text).toBe("1");
  await otherFolder.remove();
  expect((await get(host, "shop.localhost")).text).toBe("2");
});

test("an edge port that is taken is an error with code EADDRINUSE and the port, and nothing stays", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const dataDir = path.join(folder.dir, "other");
  const failing = startHost({ dataDir, edgePort: port, log: () => {} });
  await expect(failing).rejects.toMatchObject({ code: "EADDRINUSE", port });
  expect(existsSync(path.join(dataDir, "processes.json"))).toBe(false);
  await new Promise((resolve) => other.close(resolve));
});
