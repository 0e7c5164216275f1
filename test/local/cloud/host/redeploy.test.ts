import { once } from "node:events";
import type { Host } from "../../../../local/cloud/host";
import { edgeTable, get, HostFolder } from "./support";

/** Answers with its version, after as long as `?wait=` says; a WebSocket is an echo. */
const worker = (version: number) => `export default {
  async fetch(request) {
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("echo " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    const wait = Number(new URL(request.url).searchParams.get("wait"));
    if (wait > 0) console.log("waiting");
    await new Promise((resolve) => setTimeout(resolve, wait));
    return new Response("version ${version}");
  },
};`;

let folder: HostFolder;
let host: Host;
beforeEach(async () => {
  folder = await HostFolder.create();
  host = await folder.start();
});
afterEach(() => folder.remove());

/** A WebSocket to the default Worker; `ask` sends and gives the next message. */
async function openSocket() {
  const socket = new WebSocket(host.edgeUrl.replace("http:", "ws:"));
  await once(socket, "open");
  return {
    socket,
    async ask(text: string): Promise<unknown> {
      const answer = once(socket, "message");
      socket.send(text);
      const [event] = (await answer) as [MessageEvent];
      return event.data;
    },
  };
}

test("a redeploy leaves the WebSocket of another Worker alone, lets requests in flight finish, and holds new ones", async () => {
  await host.setWorker(await folder.worker("neighbour", worker(1)));
  await host.setWorker(await folder.worker("shop", worker(1)));
  host.setEdge(edgeTable("neighbour", "shop"));
  const { socket, ask } = await openSocket();
  expect(await ask("before")).toBe("echo before");

  const inFlight = get(host, "shop.localhost", "/?wait=700");
  for (const deadline = Date.now() + 30_000; !folder.lines.includes("shop: waiting");) {
    expect(Date.now()).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await host.setWorker(await folder.worker("shop", worker(2)));
  const held = await Promise.all(Array.from({ length: 20 }, () => get(host, "shop.localhost")));
  expect(held.map(({ text }) => text)).toEqual(Array(20).fill("version 2"));
  expect((await inFlight).text).toBe("version 1");
  expect(await ask("after")).toBe("echo after");
  socket.close();
  await once(socket, "close");
});

test("a redeploy under an open WebSocket of the same Worker does not wait for it", async () => {
  await host.setWorker(await folder.worker("shop", worker(1)));
  host.setEdge(edgeTable("shop"));
  const { socket } = await openSocket();
  const closed = once(socket, "close");
  await host.setWorker(await folder.worker("shop", worker(2)));
  const started = performance.now();
  expect((await get(host, "shop.localhost")).text).toBe("version 2");
  expect(performance.now() - started).toBeLessThan(9_000); // it would be let finish for ten seconds
  await closed;
});

test("an unchanged declaration restarts nothing", async () => {
  const spec = await folder.worker("shop", worker(1));
  await host.setWorker(spec);
  host.setEdge(edgeTable("shop"));
  const { socket, ask } = await openSocket();
  await host.setWorker(structuredClone(spec));
  expect((await get(host, "shop.localhost")).text).toBe("version 1");
  expect(await ask("still")).toBe("echo still");
  socket.close();
  await once(socket, "close");
});

test("a WebSocket for an unknown host is refused", async () => {
  const socket = new WebSocket(host.edgeUrl.replace("http:", "ws:"));
  await once(socket, "error");
  expect(socket.readyState).not.toBe(WebSocket.OPEN);
});
