import { once } from "node:events";
import { request } from "node:http";
import type { Host } from "../../../../local/cloud/host";
import { eventually } from "../support";
import { edgeTable, get, HostFolder } from "./support";

const DEPLOYMENTS = 5;
const ASKERS = 6;

/** Counts in a Durable Object; answers slowly or in a stream until it is told `/go`; a WebSocket is an echo. */
const code = (version: number) => `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
let going = false;
async function* parts() {
  for (let n = 0; !going; n++) {
    yield new TextEncoder().encode(n + "\\n");
    await scheduler.wait(10);
  }
  yield new TextEncoder().encode("end");
}
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("${version} " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (pathname === "/go") going = true;
    if (pathname === "/stream") return new Response(ReadableStream.from(parts()));
    if (pathname === "/slow") {
      console.log("slow");
      while (!going) await scheduler.wait(10);
      return new Response("slow, by version ${version}");
    }
    return Response.json({ version: ${version}, count: await env.COUNTER.get(env.COUNTER.idFromName("one")).next() });
  },
};`;
const parts = (namespaceId: string) => ({
  bindings: [{ type: "durableObject" as const, name: "COUNTER", className: "Counter" }],
  durableObjects: [{ className: "Counter", namespaceId, sqlite: true }],
});

let folder: HostFolder;
let host: Host;
beforeAll(async () => {
  folder = await HostFolder.create();
  host = await folder.start();
});
afterAll(() => folder.remove());

const worker = (name: string, version: number) =>
  folder.worker(name, code(version), parts((name === "shop" ? "a" : "b").repeat(32)));

/** Reads an answer as it comes. */
async function openStream(hostname: string, route: string) {
  const call = request(new URL(route, host.edgeUrl), { headers: { host: hostname }, agent: false });
  call.end();
  const [response] = (await once(call, "response")) as [NodeJS.ReadableStream];
  let text = "";
  response.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { lines: () => text.split("\n").length, end: once(response, "end").then(() => text) };
}

/** A WebSocket to the default Worker, and how it is closed. */
async function openSocket() {
  const socket = new WebSocket(host.edgeUrl.replace("http:", "ws:"));
  await once(socket, "open");
  const closed = once(socket, "close").then(([event]) => (event as CloseEvent).code);
  const ask = async (text: string) => {
    const answer = once(socket, "message");
    socket.send(text);
    return ((await answer) as [MessageEvent])[0].data as unknown;
  };
  return { socket, closed, ask };
}

test(`${DEPLOYMENTS} deployments of a Worker disturb no other, fail none of its own requests and lose no data`, async () => {
  await host.setWorker(await worker("neighbour", 0));
  await host.setWorker(await worker("shop", 0));
  host.setEdge(edgeTable("neighbour", "shop"));
  const slow = get(host, "neighbour.localhost", "/slow");
  const stream = await openStream("neighbour.localhost", "/stream");
  const { socket, ask } = await openSocket();
  await eventually(async () => folder.lines.includes("neighbour: slow"), 30_000);

  let deployed = 0;
  const enough = new AbortController();
  const answers: { status: number; version: number; count: number; deployedBefore: number }[] = [];
  const askers = Array.from({ length: ASKERS }, async () => {
    const own: number[] = [];
    while (!enough.signal.aborted) {
      const deployedBefore = deployed;
      const { status, text } = await get(host, "shop.localhost");
      const { version, count } = JSON.parse(text) as { version: number; count: number };
      answers.push({ status, version, count, deployedBefore });
      own.push(count);
    }
    expect(own).toEqual(own.toSorted((a, b) => a - b)); // who asks again finds what was counted before
  });
  for (let version = 1; version <= DEPLOYMENTS; version++) {
    await host.setWorker(await worker("shop", version));
    deployed = version;
    await eventually(async () => answers.some((answer) => answer.version === version), 30_000);
    const lines = stream.lines();
    expect(await ask(`after ${version}`)).toBe(`0 after ${version}`);
    await eventually(async () => stream.lines() > lines, 30_000);
  }
  enough.abort();
  await Promise.all(askers);

  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(answers.filter(({ version, deployedBefore }) => version < deployedBefore)).toEqual([]);
  expect(answers.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(answers.map((_, index) => index + 1));
  expect((await get(host, "neighbour.localhost", "/go")).status).toBe(200);
  expect(await slow).toMatchObject({ status: 200, text: "slow, by version 0" });
  expect(await stream.end).toMatch(/\nend$/);
  socket.close();
}, 120_000);

// As on Cloudflare: "Code updates will disconnect WebSocket connections" (developers.cloudflare.com/durable-objects, "WebSockets").
test("a WebSocket of the Worker itself is broken off when it is replaced, and the next one reaches the new version", async () => {
  host.setEdge(edgeTable("shop"));
  const { closed, ask } = await openSocket();
  expect(await ask("hello")).toBe(`${DEPLOYMENTS} hello`);
  await host.setWorker(await worker("shop", DEPLOYMENTS + 1));
  const next = await openSocket();
  expect(await closed).toBe(1006);
  expect(await next.ask("hello")).toBe(`${DEPLOYMENTS + 1} hello`);
  next.socket.close();
  await next.closed;
}, 60_000);
