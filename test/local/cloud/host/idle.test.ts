import { once } from "node:events";
import type { Host } from "../../../../local/cloud/host";
import { eventually, TestClock } from "../support";
import { edgeTable, get, HostFolder } from "./support";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Counts the requests that its isolate has seen, and those that were ever made; `/wait` goes on until `/go`, a WebSocket is an echo. */
const SHOP = `
import { DurableObject } from "cloudflare:workers";
export class Counter extends DurableObject {
  async next() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
}
let seen = 0;
let going = false;
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("echo " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (pathname === "/go") going = true;
    if (pathname === "/wait") {
      console.log("waiting");
      while (!going) await scheduler.wait(5);
    }
    return Response.json([++seen, await env.COUNTER.get(env.COUNTER.idFromName("one")).next()]);
  },
};`;
const PARTS = {
  bindings: [
    { type: "durableObject" as const, name: "COUNTER", className: "Counter" },
    { type: "kv" as const, name: "CACHE", namespaceId: "a".repeat(32) },
  ],
  durableObjects: [{ className: "Counter", namespaceId: "d".repeat(32), sqlite: true }],
};

/** Sets an alarm so many milliseconds ahead, and says when it comes. */
const ALARM = `
import { DurableObject } from "cloudflare:workers";
export class Bell extends DurableObject {
  set(at) { return this.ctx.storage.setAlarm(at); }
  alarm() { console.log("rang at", Date.now()); }
}
export default {
  async fetch(request, env) {
    const at = Number(new URL(request.url).searchParams.get("at"));
    await env.BELL.get(env.BELL.idFromName("one")).set(at);
    return new Response("set");
  },
};`;
const BELL = {
  bindings: [{ type: "durableObject" as const, name: "BELL", className: "Bell" }],
  durableObjects: [{ className: "Bell", namespaceId: "b".repeat(32), sqlite: true }],
};

let folder: HostFolder;
let host: Host;
let clock: TestClock;
beforeEach(async () => {
  folder = await HostFolder.create();
  clock = new TestClock();
});
afterEach(() => folder.remove());

async function startShop(): Promise<void> {
  host = await folder.start({ clock });
  await host.setWorker(await folder.worker("shop", SHOP, PARTS));
  host.setEdge(edgeTable("shop"));
}
const ask = async (route = "/") => JSON.parse((await get(host, "shop.localhost", route)).text) as unknown;
/** Lets time pass until nothing runs; an answer may be here before the edge has done with its request. */
const ended = () =>
  eventually(async () => {
    clock.move(3 * 60_000);
    return (await folder.processes()) === 0;
  }, 30_000);

test("a Worker that nobody asks ends after a while, and starts again with all its data", async () => {
  await startShop();
  expect(await ask()).toEqual([1, 1]);
  clock.move(60_000);
  expect(await ask()).toEqual([2, 2]);
  clock.move(90_000); // two minutes after the first request, but not after the last one
  expect(await ask()).toEqual([3, 3]);
  await ended();
  expect(await ask()).toEqual([1, 4]);
});

test("reading its data keeps a Worker from ending, too", async () => {
  await startShop();
  await ask();
  clock.move(90_000);
  await (await host.kv("a".repeat(32))).put("key", "value");
  clock.move(90_000);
  expect(await ask()).toEqual([2, 2]);
});

test("an open WebSocket and a request under way keep a Worker running, for however long", async () => {
  await startShop();
  const socket = new WebSocket(host.edgeUrl.replace("http:", "ws:"));
  await once(socket, "open");
  const echo = async (text: string) => {
    const answer = once(socket, "message");
    socket.send(text);
    return ((await answer) as [MessageEvent])[0].data as unknown;
  };
  expect(await echo("before")).toBe("echo before");
  clock.move(10 * HOUR_MS);
  clock.move(10 * HOUR_MS);
  expect(await echo("after")).toBe("echo after");
  const waiting = ask("/wait");
  await eventually(async () => folder.lines.includes("shop: waiting"), 30_000);
  socket.close();
  await once(socket, "close");
  clock.move(10 * HOUR_MS);
  clock.move(10 * HOUR_MS);
  expect(await ask("/go")).toEqual([1, 1]);
  expect(await waiting).toEqual([2, 2]);
  await ended();
});

test("while somebody listens to what Workers do, none ends", async () => {
  await startShop();
  await ask();
  await host.trace(true);
  clock.move(HOUR_MS);
  expect(await ask()).toEqual([2, 2]);
  await host.trace(false);
  await ended();
});

test("an alarm rings on time, although its Worker has ended", async () => {
  host = await folder.start({ idleMs: 50 });
  await host.setWorker(await folder.worker("shop", ALARM, BELL));
  host.setEdge(edgeTable("shop"));
  const at = Date.now() + 4_000;
  expect((await get(host, "shop.localhost", `/?at=${at}`)).text).toBe("set");
  await ended();
  const rang = await eventually(async () => folder.lines.find((line) => line.startsWith("shop: rang at")), 30_000);
  expect(Number(rang.split(" ").at(-1))).toBeGreaterThanOrEqual(at);
  await ended();
});

test("an alarm that was set before a host ended rings at the next start, without a request", async () => {
  const spec = await folder.worker("shop", ALARM, BELL);
  const rang = () => folder.lines.some((line) => line.startsWith("shop: rang at"));
  for (const ahead of [1_000, 10_000]) {
    folder.lines.length = 0;
    host = await folder.start();
    await host.setWorker(spec);
    host.setEdge(edgeTable("shop"));
    await get(host, "shop.localhost", `/?at=${Date.now() + ahead}`);
    await host.close();
    if (!rang()) break; // this machine was fast enough
  }
  host = await folder.start();
  await host.setWorker(spec);
  await eventually(async () => rang(), 30_000);
});

test("an alarm of a Worker that cannot start is tried again, and one of a removed Worker is not", async () => {
  const failures = () => folder.lines.filter((line) => line.includes("shop: cannot be started for an alarm")).length;
  const moved = (ms: number, check: () => boolean) =>
    eventually(async () => {
      clock.move(ms);
      return check();
    }, 30_000);
  host = await folder.start({ clock });
  await host.setWorker(await folder.worker("shop", ALARM, BELL));
  host.setEdge(edgeTable("shop"));
  await get(host, "shop.localhost", `/?at=${Date.now() + 10 * DAY_MS}`);
  await host.setWorker(await folder.worker("shop", "export default {{", BELL));
  await ended(); // the former version, since nobody asked for the new one
  expect(failures()).toBe(0);
  await moved(DAY_MS, () => failures() > 0);
  const before = failures();
  await moved(60_000, () => failures() > before);
  await host.removeWorker("shop");
  await moved(DAY_MS, () => clock.waiting === 0);
});
