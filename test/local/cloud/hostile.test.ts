import { request } from "node:http";
import { connect } from "node:net";
import { Hono } from "hono";
import { apiRoutes } from "../../../local/cloud/api/reference";
import { listen } from "../../../local/cloud/listen";
import { esModule, startTestCloud, type ApiAnswer, type TestCloud } from "./support";

jest.setTimeout(120_000);

const HELLO = "export default { fetch: () => new Response('hello') };";

describe("requests that mean no good", () => {
  let test: TestCloud;
  let account: string;
  /** What the parameters of routes are called, and something that exists. */
  let ids: Record<string, string>;
  let before: unknown;
  beforeAll(async () => {
    test = await startTestCloud();
    account = `/accounts/${test.accountId}`;
    const make = async (path: string, body: object, id = "id") =>
      ((await test.api("POST", path, body)).body.result as Record<string, string>)[id] ?? "";
    const worker = await make(`${account}/workers/workers`, { name: "target" });
    const version = await make(`${account}/workers/workers/${worker}/versions?deploy=true`, {
      main_module: "i.js",
      modules: [esModule("i.js", HELLO)],
      compatibility_date: "2026-01-01",
    });
    const { result } = (await test.api("GET", `${account}/workers/scripts/target/deployments`)).body;
    const zone = (await test.client.zones.list({ name: "example.com" })).result[0]?.id ?? "";
    const webhook = await make(`${account}/alerting/v3/destinations/webhooks`, { name: "w", url: "https://a.example" });
    const domain = (
      await test.api("PUT", `${account}/workers/domains`, { hostname: "d.example.com", service: "target" })
    ).body.result as { id: string };
    ids = {
      account: test.accountId,
      namespace: await make(`${account}/storage/kv/namespaces`, { title: "target" }),
      database: await make(`${account}/d1/database`, { name: "target" }, "uuid"),
      bucket: await make(`${account}/r2/buckets`, { name: "target" }, "name"),
      worker,
      script: "target",
      name: "target",
      version,
      deployment: (result as { deployments: { id: string }[] }).deployments[0]?.id ?? "",
      zone,
      route: await make(`/zones/${zone}/workers/routes`, { pattern: "r.example.com/*", script: "target" }),
      domain: domain.id,
      webhook,
      policy: await make(`${account}/alerting/v3/policies`, {
        name: "p",
        alert_type: "universal_ssl_event_type",
        mechanisms: { webhooks: [{ id: webhook }] },
      }),
      key: "k",
    };
    before = await everything();
  });
  afterAll(() => test.stop());

  /** What there is, as the API tells it. */
  async function everything(): Promise<unknown> {
    const lists = ["/storage/kv/namespaces", "/d1/database", "/r2/buckets", "/workers/scripts", "/workers/workers"]
      .concat(["/workers/domains", "/alerting/v3/policies", "/alerting/v3/destinations/webhooks", "/workers/subdomain"])
      .concat([`/r2/buckets/${ids.bucket}/objects`, `/storage/kv/namespaces/${ids.namespace}/keys`])
      .map((path) => account + path)
      .concat(["/zones", `/zones/${ids.zone}/workers/routes`]);
    return Promise.all(lists.map(async (path) => (await test.api("GET", path)).body.result));
  }

  const filled = (template: string, values = ids) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "0".repeat(32));

  /** Refusals are in Cloudflare's envelope, and say nothing of this machine. */
  function expectRefusal(what: string, { status, body }: ApiAnswer): void {
    expect([what, status >= 400 && status < 500, body.success, body.errors.length]).toEqual([what, true, false, 1]);
    expect(body.errors[0]?.message).not.toMatch(/node_modules|\/local\/cloud|\bat \w+ \(/);
  }

  const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  const BODIES: [name: string, body: string][] = [
    ["nothing", ""],
    ["half of a document", '{"title":'],
    ["null", "null"],
    ["a number", "7"],
    ["a text", '"x"'],
    ["keys of every object", '{"__proto__":{"a":1},"constructor":{"prototype":{}},"toString":1}'],
    ["a hundred thousand arrays", deep(100_000)],
    [
      "a hundred thousand arrays in a field",
      `{"name":"x","title":"x","tags":${deep(100_000)},"bindings":${deep(9999)}}`,
    ],
    ["a zero character", '{"title":"a\\u0000b","name":"a\\u0000b","pattern":"\\u0000"}'],
  ];
  /** What any body suits: values are bytes, and these need none or keep what is not given. */
  const ANY =
    /values\/|objects\/|^(POST|PUT) .*\/(tails|account-settings|script-settings)$|^PATCH .*\/(script-settings|\{bucket\})$/;
  /** Bodies of fields that nobody knows, and the routes for which such a one changes nothing. */
  const UNKNOWN = new Set(["keys of every object", "a zero character"]);
  const NOTHING_NEEDED = /^(PUT|PATCH) .*(\{database\}|\{policy\}|\{worker\}|lifecycle)$/;
  const JSON_ROUTES = apiRoutes().filter((route) => /^(POST|PUT|PATCH)/.test(route) && !ANY.test(route));

  it.each(BODIES)("%s as a body is refused on every route, and changes nothing", async (name, body) => {
    expect(JSON_ROUTES.length).toBeGreaterThan(40);
    for (const route of JSON_ROUTES) {
      const [method = "", template = ""] = route.split(" ");
      if (UNKNOWN.has(name) && NOTHING_NEEDED.test(route)) continue;
      const answer = await test.api(method, filled(template), body, { "content-type": "application/json" });
      expectRefusal(`${route}: ${name}`, answer);
    }
    expect(await everything()).toEqual(before);
  });

  it("ten megabytes of anything are no upload", async () => {
    const body = JSON.stringify({ title: "x".repeat(10 * 1024 * 1024) });
    for (const path of [`/workers/workers/${ids.worker}/versions`, "/workers/scripts/target/versions"]) {
      expectRefusal(path, await test.api("POST", account + path, body));
    }
    expect(await everything()).toEqual(before);
  });

  it("a name that leads elsewhere, ends a header, or is in any alphabet finds nothing", async () => {
    const names = [
      "..%2f..%2fkey",
      "%2e%2e%2f%2e%2e",
      "..%5c..%5ctoken",
      "a%0d%0aSet-Cookie:%20x=1",
      "%00",
      "%F0%9F%AA%84",
    ].concat(["__proto__", "constructor", "%E2%80%AE", "a".repeat(5000), "%zz", "*", "'%20OR%201=1--"]);
    const routes = apiRoutes()
      .filter((route) => /^(GET|DELETE) .*\{(?!account)\w+\}/.test(route))
      .filter((route) => !route.includes("by-consumer")); // which lists those of any name
    for (const route of routes) {
      const [method = "", template = ""] = route.split(" ");
      const named = [...template.matchAll(/\{(\w+)\}/g)]
        .map(([, name]) => name ?? "")
        .filter((one) => one !== "account");
      const last = named.at(-1) ?? "";
      if (method === "DELETE" && last === "key") continue; // what is not there is gone already
      for (const name of names) {
        const answer = await test.api(method, filled(template, { ...ids, [last]: name }));
        expectRefusal(`${method} ${template} with ${name.slice(0, 30)}`, answer);
      }
    }
    expect(await everything()).toEqual(before);
  });

  it("a page that there cannot be is the first one, an empty one, or refused", async () => {
    const lists = [
      "/storage/kv/namespaces",
      "/d1/database",
      "/r2/buckets",
      "/workers/workers",
      "/containers/applications",
    ].concat([`/storage/kv/namespaces/${ids.namespace}/keys`, `/r2/buckets/${ids.bucket}/objects`, "/workers/domains"]);
    const queries = [
      "per_page=0",
      "per_page=-1",
      "per_page=1e9",
      "per_page=x",
      "page=0",
      "page=-5",
      "page=1e300",
    ].concat(["limit=0", "limit=99999999", "cursor=none", "cursor=%00", "page_token=x", "start_after=%FF"]);
    for (const path of lists) {
      for (const query of queries) {
        const { status } = await test.api("GET", `${account}${path}?${query}`);
        expect([path, query, status === 200 || (status >= 400 && status < 500)]).toEqual([path, query, true]);
      }
    }
  });

  it("a form with a part twice, without one, or that is none is refused", async () => {
    const form = (...parts: [string, string | File][]) => {
      const made = new FormData();
      for (const [name, value] of parts) made.append(name, value);
      return made;
    };
    const code = (name: string) => new File([HELLO], name, { type: "application/javascript+module" });
    const metadata = JSON.stringify({ main_module: "i.js", compatibility_date: "2026-01-01" });
    const forms: [string, unknown, Record<string, string>?][] = [
      ["twice the same module", form(["metadata", metadata], ["i.js", code("i.js")], ["i.js", code("i.js")])],
      ["a module that is no file", form(["metadata", metadata], ["i.js", HELLO])],
      ["a module outside of its folder", form(["metadata", metadata], ["i.js", code("../../i.js")])],
      ["nothing but a module", form(["i.js", code("i.js")])],
      ["metadata that are none", form(["metadata", "{"], ["i.js", code("i.js")])],
      ["no form", "{}", { "content-type": "application/json" }],
      ["a form without its bounds", "x", { "content-type": "multipart/form-data" }],
      ["a form that ends too soon", "--x\r\n", { "content-type": "multipart/form-data; boundary=x" }],
    ];
    for (const [name, body, headers] of forms) {
      for (const [method, path] of [
        ["PUT", "/workers/scripts/never"],
        ["POST", "/workers/scripts/target/versions"],
        ["PUT", "/workers/scripts/target/content"],
        ["PATCH", "/workers/scripts/target/settings"],
      ] as const) {
        expectRefusal(`${method} ${path}: ${name}`, await test.api(method, account + path, body, headers));
      }
    }
    expect(await everything()).toEqual(before);
  });

  it("the same thing made ten times at once is made once", async () => {
    const workers = `${account}/workers/workers`;
    const cases: [path: string, body: object, refused: number][] = [
      [`${account}/storage/kv/namespaces`, { title: "race" }, 10014],
      [`${account}/d1/database`, { name: "race" }, 7502],
      [`${account}/r2/buckets`, { name: "race" }, 10004],
      [workers, { name: "race" }, 10040],
      ["/zones", { account: { id: test.accountId }, name: "race.example" }, 1061],
      [`/zones/${ids.zone}/workers/routes`, { pattern: "race.example.com/*" }, 10020],
    ];
    for (const [path, body, refused] of cases) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => test.api("POST", path, body)));
      const codes = answers.map((answer) => answer.body.errors[0]?.code);
      expect([path, codes.filter((code) => code === undefined).length]).toEqual([path, 1]);
      expect([path, codes.filter((code) => code === refused).length]).toEqual([path, 9]);
    }
  });

  it("an offer of HTTP/2 is overlooked: the request is answered as any other, by the API and by the edge", async () => {
    const offer = {
      Connection: "Upgrade, HTTP2-Settings",
      Upgrade: "h2c",
      "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA",
    };
    const statusOf = (address: string, method: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asking = request(address, { method, headers: offer }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode));
        });
        asking.on("error", reject).end();
      });
    expect(await statusOf(`${test.cloud.apiUrl}/user/tokens/verify`, "GET")).toBe(400); // no token came with it
    for (const method of ["GET", "POST"]) expect(await statusOf(test.cloud.edgeUrl, method)).toBe(200);
  });

  it("gave no answer that is none of Cloudflare's", () => {
    expect([...new Set(test.problems)].slice(0, 20)).toEqual([]);
  });
});

describe("whoever sends a byte now and then", () => {
  it("is told that it took too long, and holds no connection", async () => {
    const app = new Hono().post("/", async (c) => c.text(await c.req.text()));
    const short = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 };
    const server = await listen(app, 0, (_, socket) => socket.destroy(), short);
    const socket = connect(server.port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx");
    let said = "";
    socket.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => socket.once("close", resolve));
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    await server.close();
  });
});
