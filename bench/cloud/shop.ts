import { request } from "node:http";
import type { Connection } from "./process";

/** As a shop has it: reads KV, D1 and R2, and counts in a Durable Object. The comment makes each one's code its own. */
const code = (n: number): string => `
// shop ${n}
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
export default { async fetch(request, env) {
  const [text, row, file, count] = await Promise.all([
    env.CACHE.get("key"),
    env.DB.prepare("SELECT text FROM words").first("text"),
    env.FILES.head("file"),
    env.COUNTER.get(env.COUNTER.idFromName("one")).next(),
  ]);
  return Response.json({ text, row, file: file?.size ?? null, count });
} };`;

/** Makes a shop's resources, writes to its database, deploys its Worker, and waits for its first answer. */
export async function addShop(cloud: Connection, n: number): Promise<void> {
  const call = caller(cloud);
  const { id: kv } = await call("POST", "/storage/kv/namespaces", { title: `cache-${n}` });
  const { uuid: database } = await call("POST", "/d1/database", { name: `words-${n}` });
  await call("POST", "/r2/buckets", { name: `files-${n}` });
  const sql = `CREATE TABLE words (text TEXT); INSERT INTO words VALUES ('shop ${n}')`;
  await call("POST", `/d1/database/${database}/query`, { sql });
  const { id } = await call("POST", "/workers/workers", { name: nameOf(n), subdomain: { enabled: true } });
  await call("POST", `/workers/workers/${id}/versions?deploy=true`, {
    main_module: "index.js",
    modules: [
      {
        name: "index.js",
        content_type: "application/javascript+module",
        content_base64: Buffer.from(code(n)).toString("base64"),
      },
    ],
    compatibility_date: "2026-07-01",
    migrations: { new_tag: "v1", new_sqlite_classes: ["Counter"] },
    bindings: [
      { type: "kv_namespace", name: "CACHE", namespace_id: kv },
      { type: "d1", name: "DB", id: database },
      { type: "r2_bucket", name: "FILES", bucket_name: `files-${n}` },
      { type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" },
    ],
  });
  await ask(cloud, n, 1);
}

/**
 * Milliseconds until a shop has answered.
 * @throws Error where it does not answer with its own data and the count that is due
 */
export async function ask({ edgeUrl }: Connection, n: number, count: number): Promise<number> {
  const begun = performance.now();
  const { status, text } = await get(edgeUrl, `${nameOf(n)}.localhost`);
  const ms = performance.now() - begun;
  const wanted = JSON.stringify({ text: null, row: `shop ${n}`, file: null, count });
  if (status !== 200 || text !== wanted) throw new Error(`shop ${n} answered ${status} ${text} in place of ${wanted}`);
  return ms;
}

const nameOf = (n: number): string => `shop-${n}`;

function caller({ apiUrl, accountId, apiToken }: Connection) {
  return async (method: string, path: string, body: object): Promise<Record<string, string>> => {
    const headers = { authorization: `Bearer ${apiToken}`, "content-type": "application/json" };
    const answer = await fetch(`${apiUrl}/accounts/${accountId}${path}`, {
      method,
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const { result, errors } = (await answer.json()) as { result: Record<string, string>; errors: unknown };
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(errors)}`);
    return result;
  };
}

function get(origin: string, host: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(origin, { headers: { host }, agent: false, timeout: 60_000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.once("end", () => resolve({ status: answer.statusCode, text }));
    });
    call.once("timeout", () => call.destroy(new Error(`${host} did not answer in time`)));
    call.once("error", reject).end();
  });
}
