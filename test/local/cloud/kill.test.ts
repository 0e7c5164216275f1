import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { startCloud, type CloudConnection, type CloudError } from "../../../local/cloud";
import { atEdge, clientOf, esModule, generator } from "./support";

const ROOT = join(__dirname, "../../..");
const KILLS = 6;

/** Has KV, D1 and R2 in one workerd, and counts in a Durable Object. */
const WORKER = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
export default { async fetch(request, env) {
  return new Response(String(await env.COUNTER.get(env.COUNTER.idFromName("one")).next()));
} };`;

interface Resources {
  namespace_id: string;
  database: string;
}
/** What was asked for, and what of it was confirmed: the number `n` of a title, a key, a row and an object alike. */
interface Written {
  asked: number;
  titles: Set<number>;
  values: Set<number>;
  rows: Set<number>;
  objects: Set<number>;
  /** The Durable Object's answers. */
  counts: number[];
}

describe("an embedded cloud that is killed", () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "embedded-cloud-"));
    // From a bundle, so that the process needs no compiler.
    await build({
      entryPoints: [join(ROOT, "local/cloud/index.ts")],
      outfile: join(folder, "cloud.js"),
      bundle: true,
      platform: "node",
      packages: "external",
      logLevel: "error",
    });
    await writeFile(
      join(folder, "main.js"),
      `require("./cloud.js").startCloud({ stateDir: process.argv[2], apiPort: 0, edgePort: 0 })
        .then((cloud) => console.log(JSON.stringify(cloud)));`,
    );
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A process that runs the cloud. */
  async function startProcess(stateDir: string): Promise<{ process: ChildProcess; cloud: CloudConnection }> {
    const main = join(folder, "main.js");
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, stateDir], {
      env: { ...process.env, NODE_PATH: join(ROOT, "node_modules"), NODE_COMPILE_CACHE: join(folder, "compiled") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return { process: child, cloud: JSON.parse(line) as CloudConnection };
  }

  async function prepare(cloud: CloudConnection): Promise<Resources> {
    const client = clientOf(cloud);
    const account_id = cloud.accountId;
    const { id: namespace_id } = await client.kv.namespaces.create({ account_id, title: "values" });
    const { uuid: database = "" } = await client.d1.database.create({ account_id, name: "rows" });
    await client.r2.buckets.create({ account_id, name: "objects" });
    const beta = client.workers.beta.workers;
    const { id } = await beta.create({ account_id, name: "shop", subdomain: { enabled: true } } as never);
    await beta.versions.create(id, {
      account_id,
      deploy: true,
      main_module: "index.js",
      modules: [esModule("index.js", WORKER)],
      compatibility_date: "2026-01-01",
      migrations: { new_tag: "v1", new_sqlite_classes: ["Counter"] },
      bindings: [
        { type: "kv_namespace", name: "VALUES", namespace_id },
        { type: "d1", name: "ROWS", id: database },
        { type: "r2_bucket", name: "OBJECTS", bucket_name: "objects" },
        { type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" },
      ],
    } as never);
    await client.d1.database.query(database, { account_id, sql: "CREATE TABLE rows (n INTEGER, text TEXT)" });
    return { namespace_id, database };
  }

  /** Writes one thing after the other, noting what is confirmed, until a request finds nobody. */
  async function write(cloud: CloudConnection, { namespace_id, database }: Resources, to: Written, onStep: () => void) {
    const client = clientOf(cloud);
    const account_id = cloud.accountId;
    for (;;) {
      const n = ++to.asked;
      await client.kv.namespaces.create({ account_id, title: `title ${n}` });
      to.titles.add(n);
      await client.kv.namespaces.values.update(`${n}`, { account_id, namespace_id, value: textOf(n) } as never);
      to.values.add(n);
      onStep();
      const sql = "INSERT INTO rows VALUES (?, ?), (?, ?)";
      await client.d1.database.query(database, { account_id, sql, params: [n, textOf(n), n, textOf(n)] as never });
      to.rows.add(n);
      const object = `${cloud.apiUrl}/accounts/${account_id}/r2/buckets/objects/objects/${n}`;
      const headers = { authorization: `Bearer ${cloud.apiToken}` };
      expect((await fetch(object, { method: "PUT", headers, body: textOf(n) })).status).toBe(200);
      to.objects.add(n);
      to.counts.push(Number((await atEdge(cloud.edgeUrl, "shop.localhost")).text));
      onStep();
    }
  }

  /** All that was confirmed is there, and what is there is whole and was asked for. */
  async function check(cloud: CloudConnection, { namespace_id, database }: Resources, written: Written): Promise<void> {
    const client = clientOf(cloud);
    const account_id = cloud.accountId;
    const found = (numbers: number[], confirmed: Set<number>) => {
      expect(numbers).toEqual(expect.arrayContaining([...confirmed]));
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(written.asked);
    };
    const titles = (await client.kv.namespaces.list({ account_id, per_page: 1000 })).result.map(({ title }) => title);
    found(
      titles.filter((title) => title.startsWith("title ")).map((title) => Number(title.slice(6))),
      written.titles,
    );
    const keys = (await client.kv.namespaces.keys.list(namespace_id, { account_id })).result.map(({ name }) => name);
    found(keys.map(Number), written.values);
    for (const key of keys.slice(-8)) {
      const value = await client.kv.namespaces.values.get(key, { account_id, namespace_id });
      expect(await value.text()).toBe(textOf(Number(key)));
    }

    const sql = "SELECT n, COUNT(*) AS rows, MIN(text) AS first, MAX(text) AS last FROM rows GROUP BY n";
    const [answer] = (await client.d1.database.query(database, { account_id, sql })).result;
    const rows = (answer?.results ?? []) as { n: number; rows: number; first: string; last: string }[];
    found(
      rows.map(({ n }) => n),
      written.rows,
    );
    for (const { n, ...row } of rows) expect(row).toEqual({ rows: 2, first: textOf(n), last: textOf(n) });

    const objects = `${cloud.apiUrl}/accounts/${account_id}/r2/buckets/objects/objects`;
    const headers = { authorization: `Bearer ${cloud.apiToken}` };
    const list = (await (await fetch(`${objects}?per_page=1000`, { headers })).json()) as {
      result: { key: string; size: number }[];
    };
    found(
      list.result.map(({ key }) => Number(key)),
      written.objects,
    );
    for (const { key, size } of list.result) expect(size).toBe(textOf(Number(key)).length);

    // Each count was given once, and the next is higher than any that was.
    const next = Number((await atEdge(cloud.edgeUrl, "shop.localhost")).text);
    expect(new Set([...written.counts, next]).size).toBe(written.counts.length + 1);
    expect(next).toBe(Math.max(0, ...written.counts, next));
    written.counts.push(next);
  }

  it(`has all that it confirmed, and nothing by halves, after each of ${KILLS} kills under traffic`, async () => {
    const stateDir = join(folder, "killed");
    const random = generator(1);
    const written: Written = {
      asked: 0,
      titles: new Set(),
      values: new Set(),
      rows: new Set(),
      objects: new Set(),
      counts: [],
    };
    let resources: Resources | undefined;
    let token: string | undefined;
    for (let kill = 0; kill < KILLS; kill++) {
      const { process: child, cloud } = await startProcess(stateDir);
      expect(cloud.apiToken).toBe((token ??= cloud.apiToken));
      resources ??= await prepare(cloud);
      await check(cloud, resources, written);
      let left = 2 + Math.floor(random() * 10);
      const countDown = () => {
        left -= 1;
        if (left === 0) setTimeout(() => child.kill("SIGKILL"), random() * 20); // the next request is on its way
      };
      const exited = once(child, "exit");
      const ended = await write(cloud, resources, written, countDown).catch((error: Error) => error.message);
      expect([ended, left <= 0]).toEqual([ended, true]); // it was the kill that ended the writing
      await exited;
    }
    const cloud = await startCloud({ stateDir, apiPort: 0, edgePort: 0 });
    try {
      await check(cloud, resources as Resources, written);
      expect(written.rows.size).toBeGreaterThan(KILLS / 2);
    } finally {
      await cloud.close();
    }
  }, 180_000);

  it("that is told to crash between two writes of a deployment is whole at its next start, and takes the deployment then", async () => {
    const stateDir = join(folder, "crashed");
    let running = await startProcess(stateDir);
    const account_id = running.cloud.accountId;
    const { id } = await clientOf(running.cloud).workers.beta.workers.create({
      account_id,
      name: "shop",
      subdomain: { enabled: true },
    } as never);
    /** Deploys a Worker that answers with the text. */
    const deploy = (cloud: CloudConnection, text: string) =>
      clientOf(cloud).workers.beta.workers.versions.create(id, {
        account_id,
        deploy: true,
        main_module: "index.js",
        modules: [esModule("index.js", `export default { fetch: () => new Response("${text}") }`)],
        compatibility_date: "2026-01-01",
      } as never);
    await deploy(running.cloud, "version 0");

    let crashes = 0;
    for (let writes = 1; ; writes++) {
      const { process: child, cloud } = running;
      const headers = { authorization: `Bearer ${cloud.apiToken}`, "content-type": "application/json" };
      const fault = { path: "/accounts/*/workers/workers/*/versions", method: "POST", crashAfterWrites: writes };
      const url = `${new URL(cloud.apiUrl).origin}/faults`;
      expect((await fetch(url, { method: "POST", headers, body: JSON.stringify(fault) })).status).toBe(201);
      const exited = once(child, "exit");
      const done = await deploy(cloud, `version ${writes}`).then(
        () => true,
        () => false,
      );
      if (done) break; // it has no more writes than that
      expect(await exited).toEqual([null, "SIGKILL"]);
      crashes += 1;
      running = await startProcess(stateDir);
      const { text } = await atEdge(running.cloud.edgeUrl, "shop.localhost");
      expect([`version ${writes - 1}`, `version ${writes}`]).toContain(text);
      await deploy(running.cloud, `version ${writes}`);
      expect((await atEdge(running.cloud.edgeUrl, "shop.localhost")).text).toBe(`version ${writes}`);
    }
    expect(crashes).toBeGreaterThanOrEqual(2);
  }, 180_000);

  it("names the process that holds its folder to another, and leaves it to that one when it was killed", async () => {
    const stateDir = join(folder, "shared");
    const { process: child } = await startProcess(stateDir);
    const start = () => startCloud({ stateDir, apiPort: 0, edgePort: 0 });
    const refused = await start().then(
      () => undefined,
      (error: CloudError) => error,
    );
    expect(refused?.code).toBe("STATE_IN_USE");
    expect(refused?.message).toBe(
      `Process ${child.pid} runs an embedded cloud on ${join(stateDir, "cloud", "metadata.sqlite")}. Stop it, or choose another folder with --state-dir.`,
    );
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    // The pid of the killed one is another's by now: this one's.
    const processes = join(stateDir, "cloud", "data", "processes.json");
    await writeFile(processes, JSON.stringify({ owner: { pid: process.pid, startedAt: "1" }, children: [] }));
    await (await start()).close();
  }, 60_000);
});

const textOf = (n: number): string => `text of ${n} `.repeat(500 + (n % 7));
