import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { askEdge, CloudflareError, connectCloudflare } from "../../infra/cloudflare";
import { type HttpDouble, startDouble } from "./httpDouble";

interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

let edge: Server;
let origin: string;
let asked: Asked[];
let body: string;
let status: number;
let cloud: HttpDouble | undefined;
beforeEach(async () => {
  [asked, body, status, cloud] = [[], "here", 200, undefined];
  edge = createServer(({ url, headers }, response) => {
    asked.push({ url, headers });
    if (status === 0) return; // never answers
    response.writeHead(status, { location: "https://elsewhere.example/" }).end(body);
  });
  await new Promise<void>((resolve) => edge.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
});
afterEach(async () => {
  edge.closeAllConnections();
  await new Promise((resolve) => edge.close(resolve));
  await cloud?.close();
});

const SHOP = "https://shop.example.com/api/pool/pool-0?x=1";
const limits = { deadlineMs: 5_000 };
const named = () => askEdge(() => origin);

test("a named edge is asked with the URL's own host, path and bearer", async () => {
  expect(await named()(SHOP, { ...limits, bearer: "admin" })).toEqual({ status: 200, body: "here" });
  expect(asked[0]?.url).toBe("/api/pool/pool-0?x=1");
  expect(asked[0]?.headers).toMatchObject({ host: "shop.example.com", authorization: "Bearer admin" });
});

test("without one the URL's own host is asked, and without a bearer none is sent", async () => {
  await askEdge(() => undefined)(`${origin}/health`, limits);
  expect(asked[0]).toMatchObject({ url: "/health", headers: { host: new URL(origin).host } });
  expect(asked[0]?.headers).not.toHaveProperty("authorization");
});

test("a redirect and a failure are answers, and are not followed", async () => {
  for (status of [302, 503]) expect((await named()(SHOP, limits)).status).toBe(status);
  expect(asked).toHaveLength(2);
});

test("no more than 64 KB of an answer is kept", async () => {
  body = "x".repeat(1024 * 1024);
  expect((await named()(SHOP, limits)).body).toHaveLength(64 * 1024);
});

test("a missed deadline and a refused connection are no answer, and the message has neither bearer nor query", async () => {
  status = 0;
  const bearer = "do-not-tell";
  const late = await named()(SHOP, { deadlineMs: 30, bearer }).catch((error: unknown) => error as CloudflareError);
  expect(late).toBeInstanceOf(CloudflareError);
  expect(late).toMatchObject({ code: "NO_ANSWER", message: expect.not.stringMatching(/do-not-tell|x=1/) });
  await expect(askEdge(() => "http://127.0.0.1:1")(SHOP, limits)).rejects.toMatchObject({ code: "NO_ANSWER" });
});

test("a cancelled deployment waits for no answer", async () => {
  status = 0;
  const cancelled = new AbortController();
  const asking = named()(SHOP, { deadlineMs: 60_000, signal: cancelled.signal });
  cancelled.abort(new Error("cancelled"));
  await expect(asking).rejects.toThrow("cancelled");
});

describe("an account", () => {
  const connect = (baseUrl: string, send?: typeof fetch) =>
    connectCloudflare({ baseUrl, apiToken: "t", ...(send === undefined ? {} : { fetch: send }) });

  test("of an imitation names its edge in any answer of its API", async () => {
    cloud = await startDouble(() => ({ result: null, headers: { "cf-edge-url": origin } }));
    const { api, edge: ask } = connect(cloud.baseUrl);
    await api("GET", "/x");
    expect((await ask(SHOP, limits)).body).toBe("here");
  });

  test("of Cloudflare's own does not: the header is not looked at", async () => {
    const answer = async (): Promise<Response> =>
      Response.json({ success: true, result: null }, { headers: { "cf-edge-url": origin } });
    const { api, edge: ask } = connect("https://api.cloudflare.com/client/v4", answer);
    await api("GET", "/x");
    await expect(ask("http://127.0.0.1:1/", limits)).rejects.toMatchObject({ code: "NO_ANSWER" });
    expect(asked).toEqual([]);
  });

  test.each(["nonsense", "file:///etc/passwd"])(
    "that names %s as its edge is asked at the URL's own host",
    async (url) => {
      cloud = await startDouble(() => ({ result: null, headers: { "cf-edge-url": url } }));
      const { api, edge: ask } = connect(cloud.baseUrl);
      await api("GET", "/x");
      expect((await ask(`${origin}/`, limits)).body).toBe("here");
    },
  );
});
