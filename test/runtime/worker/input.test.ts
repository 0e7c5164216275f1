import { once } from "node:events";
import { connect } from "node:net";
import type { RequestInit } from "miniflare";
import { ADMIN_TOKEN, Edge, eventually } from "./harness";
import { storeRecord } from "./support/store";

type Method = "GET" | "POST" | "DELETE";

jest.mock("wandstore:client", () => ({ __esModule: true, default: "" }), { virtual: true });
jest.mock("cloudflare:workers", () => ({ DurableObject: Object }), { virtual: true });
/** The Worker's own table of routes, so that each one that is added is asked here too. */
// oxlint-disable-next-line typescript/no-require-imports -- its types are of the Worker's world, which tests do not have
const { ROUTES, ADMIN_ROUTES } = require("../../../runtime/worker/app") as {
  ROUTES: readonly [Method, string, unknown][];
  ADMIN_ROUTES: readonly [Method, string, unknown, unknown][];
};

const edge = new Edge();
const STORE = "magic-wands";
const admin = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** A little more than any of these routes takes: who sends far more is cut off before they are told why. */
const tooLarge = (path: string): string => "x".repeat((path.startsWith("/webhook/") ? 4_200 : 260) * 1024);

/** What stands for the variable parts of a path. */
const VALUES: Readonly<Record<string, string>> = { store: STORE, member: "pool-0", topic: "products/update" };
const addressOf = (path: string, values: Readonly<Record<string, string>> = VALUES): string =>
  path
    .replace(/:(\w+)(?:\{[^}]*\})?/g, (_all, name: string) => values[name] ?? "something")
    .replace(/\*$/, "something");

const PATHS = [
  ...[...new Set(ROUTES.map(([, path]) => path))].map((path) => ({ path, routes: ROUTES, headers: {} })),
  ...[...new Set(ADMIN_ROUTES.map(([, path]) => path))].map((path) => ({
    path,
    routes: ADMIN_ROUTES,
    headers: admin,
  })),
].map(({ path, routes, headers }) => {
  const methods = routes.filter((route) => route[1] === path).map(([method]) => method as string);
  return { path, headers, methods: methods.includes("GET") ? ["GET", "HEAD", ...methods.slice(1)] : methods };
});

beforeAll(async () => {
  await edge.start();
  await edge.putStore(storeRecord(STORE));
});
afterAll(() => edge.stop());

/** Whatever a route makes of what it need not understand: it may be of no account there. Never a fault of ours. */
const EXPECTED = [200, 202, 204, 302, 303, 308, 400, 401, 403, 404, 405, 413, 415, 426];
/** What workerd and the way to it add, or leave out of an answer without a body. */
const isOurs = (name: string): boolean =>
  !["content-length", "content-encoding", "transfer-encoding", "date"].includes(name);

/** An answer to bad input: a code of ours, in our form, and nothing of how the Worker is made. */
async function expectFault(address: string, init: RequestInit, statuses: readonly number[]): Promise<void> {
  const response = await edge.fetch(address, init);
  const text = await response.text();
  const what = `${init.method ?? "GET"} ${address.slice(0, 80)}`;
  if (!statuses.includes(response.status)) throw new Error(`${what} answered ${response.status}: ${text}`);
  expect(text).not.toMatch(/worker\.js|\bat \w+ \(|Error:|node_modules/);
  if (response.status < 400 || text === "") return;
  expect([what, JSON.parse(text)]).toEqual([
    what,
    expect.objectContaining({
      error: expect.objectContaining({
        code: expect.stringMatching(/^[A-Z_]+$/) as string,
        message: expect.any(String) as string,
        retryable: expect.any(Boolean) as boolean,
      }) as unknown,
    }),
  ]);
}

expect.extend({
  toBeOneOf(received: unknown, allowed: readonly unknown[]) {
    return { pass: allowed.includes(received), message: () => `${String(received)} is none of ${allowed.join(", ")}` };
  },
});

describe.each(PATHS)("$path", ({ path, methods, headers }) => {
  it("refuses the methods that it does not take, and says which it takes", async () => {
    for (const method of METHODS.filter((one) => !methods.includes(one))) {
      const response = await edge.fetch(addressOf(path), { method, headers });
      expect([method, response.status]).toEqual([method, 405]);
      const allowed = (response.headers.get("Allow") ?? "").split(", ");
      expect(allowed.toSorted()).toEqual([...methods].toSorted());
      const text = await response.text();
      if (method === "HEAD") expect(text).toBe("");
      else expect(JSON.parse(text)).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED", retryable: false } });
    }
  });

  if (methods.includes("HEAD")) {
    it("answers HEAD as GET, without a body", async () => {
      const get = await edge.fetch(addressOf(path), { headers });
      const head = await edge.fetch(addressOf(path), { method: "HEAD", headers });
      expect(head.status).toBe(get.status);
      expect([...head.headers.keys()].filter(isOurs)).toEqual([...get.headers.keys()].filter(isOurs));
      await get.text();
      expect(await head.text()).toBe("");
    });
  }

  it("withstands an address of 8 KB, null bytes and what is no UTF-8", async () => {
    const address = addressOf(path);
    for (const query of [`?store=${"x".repeat(8192)}`, `?shopper=${"x".repeat(8192)}`, "?store=%00&shopper=%00"]) {
      await expectFault(`${address}${query}`, { method: methods[0] ?? "GET", headers }, EXPECTED);
    }
    await expectFault(
      `${address}?store=%E0%A4%A&shopper=%ff&since=%`,
      { method: methods[0] ?? "GET", headers },
      EXPECTED,
    );
    for (const bad of ["%E0%A4%A", "%00", "..%2f..%2fetc", "%F0%9F%AA%84", "x".repeat(8192), "<script>"]) {
      const values = Object.fromEntries(Object.keys(VALUES).map((name) => [name, bad]));
      const variable = addressOf(path, values);
      if (variable !== address)
        await expectFault(variable, { method: methods[0] ?? "GET", headers }, [308, 400, 401, 404]);
    }
  });

  for (const method of methods.filter((one) => one === "POST" || one === "DELETE")) {
    it(`refuses what is no body of its own: ${method}`, async () => {
      for (const body of ["{", "[", "null", "[]", '"text"', "\u0000", '{"a":', "%", "a=%E0%A4%A"]) {
        for (const type of [
          "application/json",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "text/plain",
        ]) {
          await expectFault(addressOf(path), { method, body, headers: { ...headers, "Content-Type": type } }, EXPECTED);
        }
      }
    });

    it(`refuses a body that is too large, whether or not its length is told: ${method}`, async () => {
      const stream = (): ReadableStream =>
        new ReadableStream({
          start(controller) {
            controller.enqueue(new TextEncoder().encode(tooLarge(path)));
            controller.close();
          },
        });
      for (const init of [() => ({ body: tooLarge(path) }), () => ({ body: stream(), duplex: "half" as const })]) {
        const ask = () => edge.fetch(addressOf(path), { method, headers, ...init() } as RequestInit);
        // Refused before all of it is sent, a client may be cut off while it sends, and see no answer: it asks again.
        const response = await eventually(() => ask().catch(() => undefined), "an answer");
        expect(response.status).toBe(413);
        expect(await response.json()).toMatchObject({ error: { code: "BODY_TOO_LARGE", retryable: false } });
      }
    });
  }
});

/** Sends the beginning of a body and goes away. */
async function breakOff(path: string, method: string, length: string): Promise<void> {
  const { hostname, port } = await edge.mf.ready;
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: shop.test\r\n${length}\r\n\r\n1\r\n{\r\n`);
  socket.end();
  await once(socket.resume(), "close");
}

test("a body that breaks off is no fault of ours, whether or not its length is told", async () => {
  const posts = ROUTES.filter(([method]) => method === "POST").map(([, path]) => addressOf(path));
  const lengths = ["Content-Length: 300", "Transfer-Encoding: chunked"];
  const answered = async (code: string): Promise<number> => {
    const text = await (await edge.fetch("/metrics", { headers: admin })).text();
    return Number(new RegExp(`error_answers_total\\{code="${code}".*\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const [bad, internal] = [await answered("BAD_REQUEST"), await answered("INTERNAL")];
  for (const path of posts) for (const length of lengths) await breakOff(path, "POST", length);
  await eventually(
    async () => ((await answered("BAD_REQUEST")) >= bad + posts.length * lengths.length ? true : undefined),
    "the answers to be counted",
  );
  expect(await answered("INTERNAL")).toBe(internal);
  expect(edge.log.join("")).not.toContain("request_failed");
});

describe("addresses that are none", () => {
  it.each([
    "/nothing",
    "/%E0%A4%A",
    "/%00",
    "/s",
    "/s/",
    "/api",
    "/api/shopper/",
    "/index.js",
    "/.env",
    `/${"x".repeat(8192)}`,
  ])("%s is answered as any other that is not there", async (address) => {
    for (const method of METHODS) await expectFault(address, { method }, [404]);
  });
});

describe("what operators have", () => {
  const ASKED: [string, RequestInit][] = [
    ["GET", {}],
    ["HEAD", { method: "HEAD" }],
    ["POST", { method: "POST", body: "{}" }],
    ["OPTIONS", { method: "OPTIONS" }],
    ["DELETE", { method: "DELETE" }],
    ["GET with a wrong token", { headers: { Authorization: `Bearer ${ADMIN_TOKEN}x` } }],
    ["GET with no token", { headers: { Authorization: "Bearer " } }],
    ["GET with another scheme", { headers: { Authorization: `Basic ${ADMIN_TOKEN}` } }],
    ["GET as a browser", { headers: { Accept: "text/html" } }],
  ];

  /** An answer but for what is each answer's own: its id, and the path that was asked for. */
  async function answerTo(address: string, init: RequestInit): Promise<unknown> {
    const response = await edge.fetch(address, init);
    const headers = [...response.headers].filter(([name]) => name !== "x-request-id" && isOurs(name)).toSorted();
    return [response.status, headers, (await response.text()).replaceAll(address, "/there")];
  }

  const addresses = [...new Set(ADMIN_ROUTES.map(([, path]) => addressOf(path)))];

  it.each(addresses)("at %s is not there for whoever lacks the token", async (address) => {
    for (const [what, init] of ASKED) {
      expect([what, await answerTo(address, init)]).toEqual([what, await answerTo("/debug-nothing", init)]);
    }
  });

  it("at /debug is not there for anybody where debugging is off", async () => {
    await edge.restart({ DEBUG_ENABLED: "false" });
    const debug = addresses.filter((address) => address.startsWith("/debug"));
    expect(debug.length).toBeGreaterThan(1);
    for (const address of debug) {
      for (const [what, init] of ASKED) {
        const asked = { ...init, headers: { ...init.headers, ...admin } } as RequestInit;
        expect([what, await answerTo(address, asked)]).toEqual([what, await answerTo("/debug-nothing", asked)]);
      }
    }
  });
});
