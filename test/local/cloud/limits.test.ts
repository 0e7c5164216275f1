import { request } from "node:http";
import Cloudflare from "cloudflare";
import { atEdge, clientOf, esModule, startTestCloud, type TestCloud } from "./support";

jest.setTimeout(60_000);

const HELLO = "export default { fetch: () => new Response('hello') };";

describe("what is over a limit, and faults on demand", () => {
  let test: TestCloud;
  let account: string;
  let kv: string;
  let d1: string;
  beforeAll(async () => {
    test = await startTestCloud();
    account = `/accounts/${test.accountId}`;
    kv = `${account}/storage/kv/namespaces/${await made("/storage/kv/namespaces", { title: "limits" })}`;
    d1 = `${account}/d1/database/${await made("/d1/database", { name: "limits" }, "uuid")}`;
    await made("/r2/buckets", { name: "limits" }, "name");
  });
  afterAll(async () => {
    await test.stop();
    expect(test.problems).toEqual([]);
  });

  const made = async (path: string, body: object, id = "id") => {
    const { result } = (await test.api("POST", account + path, body)).body;
    return (result as Record<string, string>)[id] ?? "";
  };
  const code = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await test.api(method, path, body, headers);
    return [answer.status, answer.body.errors[0]?.code];
  };
  const pairs = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: "v" }));

  it("refuses keys, values, metadata and lives that KV does not take, and many at once", async () => {
    const put = (key: string, body = "v", query = "") => code("PUT", `${kv}/values/${key}${query}`, body);
    expect(await put("k".repeat(513))).toEqual([414, 10030]);
    expect(await put("k".repeat(512))).toEqual([200, undefined]);
    expect(await put("large", "x".repeat(25 * 1024 * 1024 + 1))).toEqual([413, 10031]);
    for (const query of ["?expiration_ttl=59", "?expiration_ttl=-60", "?expiration_ttl=x", "?expiration=1"]) {
      expect([query, ...(await put("k", "v", query))]).toEqual([query, 400, 10034]);
    }
    const bulk = (body: unknown) => code("PUT", `${kv}/bulk`, body);
    expect(await bulk([{ key: "k", value: "v", metadata: "x".repeat(1023) }])).toEqual([413, 10032]);
    expect(await bulk([{ key: "k", value: "v", metadata: "x".repeat(1022) }])).toEqual([200, undefined]);
    expect(await bulk(pairs(10_001))).toEqual([400, 10012]);
    expect(await bulk({ key: "k" })).toEqual([400, 10012]);
    expect(await code("POST", `${kv}/bulk/get`, { keys: [] })).toEqual([400, 10029]);
    expect(await code("POST", `${kv}/bulk/get`, { keys: pairs(101).map(({ key }) => key) })).toEqual([400, 10012]);
    expect(await code("POST", `${kv}/bulk/delete`, ["k", ""])).toEqual([414, 10030]);
    const listed = (await test.api("GET", `${kv}/keys`)).body.result as { name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(["k", "k".repeat(512)]);
  });

  it("refuses a body by what it says of its length, before it is sent", async () => {
    const { hostname, port } = new URL(test.cloud.apiUrl);
    const headers = { authorization: `Bearer ${test.cloud.apiToken}`, "content-length": 100 * 1024 * 1024 + 1 };
    const status = await new Promise((resolve, reject) => {
      const asked = request({ hostname, port, path: `/client/v4${kv}/bulk`, method: "PUT", headers });
      asked.once("error", reject);
      asked.once("response", ({ statusCode }) => {
        resolve(statusCode);
        asked.destroy();
      });
      asked.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it("refuses statements and parameters that D1 does not take", async () => {
    const query = (sql: string, params?: unknown[]) =>
      code("POST", `${d1}/query`, { sql, ...(params ? { params } : {}) });
    expect(await query(`SELECT '${"x".repeat(100_000)}'`)).toEqual([400, 7500]);
    expect(await query(`SELECT '${"x".repeat(99_000)}'`)).toEqual([200, undefined]);
    const many = Array.from({ length: 101 }, () => 1);
    expect(await query(`SELECT ${many.map(() => "?").join("+")}`, many)).toEqual([400, 7400]);
    expect(await query("SELECT ?", [{}])).toEqual([400, 7400]);
    expect(await query("")).toEqual([400, 7400]);
    expect(await query(" -- nothing")).toEqual([400, 7500]);
    expect(await code("POST", `${account}/d1/database`, { name: "" })).toEqual([400, 7400]);
    const restore = (rest: string) => code("POST", `${d1}/time_travel/restore${rest}`);
    expect(await restore("")).toEqual([400, 7400]);
    expect(await restore("?bookmark=none")).toEqual([400, 7400]);
    expect(await restore("?timestamp=yesterday")).toEqual([400, 7400]);
    expect(await restore(`?bookmark=00000000-00000000-00000000-${"0".repeat(32)}`)).toEqual([400, 7500]);
    expect(await restore(`?timestamp=${new Date().toISOString()}`)).toEqual([501, 7001]);
  });

  it("refuses variables, secrets, schedules and routes that a Worker cannot have", async () => {
    const scripts = `${account}/workers/scripts/limits`;
    const upload = (bindings: object[]) => {
      const form = new FormData();
      form.set("metadata", JSON.stringify({ main_module: "i.js", compatibility_date: "2026-01-01", bindings }));
      form.set("i.js", new File([HELLO], "i.js", { type: "application/javascript+module" }));
      return code("PUT", scripts, form);
    };
    const text = (name: string, length = 1) => ({ type: "plain_text", name, text: "x".repeat(length) });
    expect(await upload([text("A", 5121)])).toEqual([400, 10054]);
    expect(await upload([{ type: "json", name: "J", json: ["x".repeat(5120)] }])).toEqual([400, 10054]);
    expect(await upload(Array.from({ length: 129 }, (_, n) => text(`V${n}`)))).toEqual([400, 10021]);
    expect(await upload(Array.from({ length: 128 }, (_, n) => text(`V${n}`)))).toEqual([200, undefined]);
    const secret = (length: number) => ({ name: "S", text: "x".repeat(length), type: "secret_text" });
    expect(await code("PUT", `${scripts}/secrets`, secret(5121))).toEqual([400, 10054]);
    expect(await code("PUT", `${scripts}/secrets`, secret(1))).toEqual([400, 10021]); // the 129th
    expect(await code("PATCH", `${scripts}/settings`, { settings: {} })).toEqual([400, 10001]);

    const crons = Array.from({ length: 251 }, (_, n) => ({ cron: `${n % 60} ${Math.floor(n / 60)} * * *` }));
    expect(await code("PUT", `${scripts}/schedules`, crons)).toEqual([400, 10072]);
    expect(await code("PUT", `${scripts}/schedules`, [{ cron: "61 * * * *" }])).toEqual([400, 10100]);
    expect((await test.api("GET", `${scripts}/schedules`)).body.result).toEqual({ schedules: [] });

    const [zone] = (await test.client.zones.list({ name: "example.com" })).result;
    const route = (pattern: string, script: string | null = "limits") =>
      code("POST", `/zones/${zone?.id}/workers/routes`, { pattern, script });
    expect(await route("a.example.com/*")).toEqual([200, undefined]);
    expect(await route("a.example.com/*")).toEqual([409, 10020]);
    expect(await route("a.example.org/*")).toEqual([400, 10022]);
    expect(await route("a.example.com/*.jpg")).toEqual([400, 10022]);
    expect(await route("b.example.com/*", "none")).toEqual([400, 10019]);
    expect(await route("a.example.com/private*", null)).toEqual([200, undefined]);
    expect(await atEdge(test.cloud.edgeUrl, "a.example.com", "/open")).toEqual({ status: 200, text: "hello" });
    expect((await atEdge(test.cloud.edgeUrl, "a.example.com", "/private/x")).status).toBe(404);
    expect(await code("GET", `/zones/${"0".repeat(32)}/workers/routes`)).toEqual([403, 9109]);
    expect(await code("GET", "/zones/example.com/workers/routes")).toEqual([404, 7003]);
  });

  it("asks before secrets of another time come back (10220), and does as it is told", async () => {
    const { id } = await test.client.workers.beta.workers.create({ account_id: test.accountId, name: "back" } as never);
    const version = async (secret: string) => {
      const uploaded = await test.api("POST", `${account}/workers/workers/${id}/versions?deploy=true`, {
        main_module: "i.js",
        modules: [esModule("i.js", HELLO)],
        compatibility_date: "2026-01-01",
        bindings: [{ type: "secret_text", name: "S", text: secret }],
      });
      return (uploaded.body.result as { id: string }).id;
    };
    const [first, second, third] = [await version("one"), await version("two"), await version("two")];
    const deploy = (version_id: string, query = "") =>
      test.api("POST", `${account}/workers/scripts/back/deployments${query}`, {
        strategy: "percentage",
        versions: [{ version_id, percentage: 100 }],
      });
    expect((await deploy(second)).status).toBe(200);
    const refused = await deploy(first);
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [{ code: 10220, message: expect.stringMatching(/The following secrets have changed: S$/) }],
    ]);
    expect((await deploy(first, "?force=true")).status).toBe(200);
    expect((await deploy(third)).status).toBe(200); // forward, nobody is asked
  });

  it("refuses tokens, methods and paths as Cloudflare's gateway does", async () => {
    const withHeaders = async (headers: Record<string, string>) => {
      const answer = await fetch(`${test.cloud.apiUrl}/user`, { headers });
      return [answer.status, await answer.json()];
    };
    const malformed = (chain: number) => [400, { errors: [{ code: 6003, error_chain: [{ code: chain }] }] }];
    for (const authorization of ["Basic abc", "Bearer", "Bearer a b", "Bearer ä", test.cloud.apiToken]) {
      expect(await withHeaders({ authorization })).toMatchObject(malformed(6111));
    }
    expect(await withHeaders({ "x-auth-key": "k", "x-auth-email": "e" })).toMatchObject(malformed(6103));
    expect(await withHeaders({ authorization: `Bearer ${test.cloud.apiToken}x` })).toMatchObject([
      401,
      { errors: [{ code: 10000 }] },
    ]);
    expect(await code("PATCH", `${account}/r2/buckets`)).toEqual([405, 7001]);
    expect(await code("PATCH", "/user", {})).toEqual([405, 7001]);
    expect(await code("GET", "/nothing")).toEqual([404, 7000]);
    expect(await code("GET", `${account}/workers/scripts/none/nothing`)).toEqual([404, 7000]);
    expect(await code("POST", `${account}/workers/domains`)).toEqual([405, 10405]);
  });

  describe("faults on demand", () => {
    const faults = (method: string, body?: object, token = test.cloud.apiToken) =>
      fetch(`${new URL(test.cloud.apiUrl).origin}/faults`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    const list = (client: Cloudflare) => client.kv.namespaces.list({ account_id: test.accountId });
    const patient = () => new Cloudflare({ apiToken: test.cloud.apiToken, baseURL: test.cloud.apiUrl, maxRetries: 2 });
    afterEach(() => faults("DELETE"));

    it("are met by the requests that they name, as often as they say; the SDK tries again", async () => {
      const path = "/accounts/*/storage/**";
      expect((await faults("POST", { method: "GET", path, status: 429, retryAfter: 0, times: 2 })).status).toBe(201);
      const answer = await fetch(`${test.cloud.apiUrl}${account}/storage/kv/namespaces`, {
        headers: { authorization: `Bearer ${test.cloud.apiToken}` },
      });
      expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toMatchObject([
        429,
        "0",
        { success: false, errors: [{ code: 971 }] },
      ]);
      expect((await list(patient())).result).toHaveLength(1);
      expect(await (await faults("GET")).json()).toEqual([]);

      await faults("POST", { status: 404, code: 100146, message: "not yet", skip: 1 });
      expect((await list(clientOf(test.cloud))).result).toHaveLength(1);
      await expect(list(clientOf(test.cloud))).rejects.toMatchObject({
        errors: [{ code: 100146, message: "not yet" }],
      });
      expect((await list(clientOf(test.cloud))).result).toHaveLength(1);
    });

    it("lose a request that nothing came of, and an answer of which all came", async () => {
      const create = (name: string) => test.client.r2.buckets.create({ account_id: test.accountId, name });
      const names = async () =>
        (await test.client.r2.buckets.list({ account_id: test.accountId })).buckets?.map(({ name }) => name);
      await faults("POST", { method: "POST", lose: "request" });
      await expect(create("lost-request")).rejects.toThrow(/Connection error/);
      await faults("POST", { method: "POST", lose: "answer" });
      await expect(create("lost-answer")).rejects.toThrow(/Connection error/);
      expect(await names()).toEqual(["limits", "lost-answer"]);
    });

    it("make an answer wait, and are refused where they are none or come from nobody", async () => {
      await faults("POST", { path: "/user", delayMs: 600_000 });
      await expect(
        fetch(`${test.cloud.apiUrl}/user`, {
          headers: { authorization: `Bearer ${test.cloud.apiToken}` },
          signal: AbortSignal.timeout(200),
        }),
      ).rejects.toThrow(/timeout/);
      for (const wrong of [{ status: 200 }, { sta: 500 }, { times: 0 }, { path: "user" }, { lose: "all" }]) {
        expect((await faults("POST", wrong)).status).toBe(400);
      }
      expect((await faults("POST", { status: 500 }, "wrong")).status).toBe(401);
    });
  });
});
