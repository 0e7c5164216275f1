import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { tailUpgrade } from "../../../../local/cloud/api/workers/tailSocket";
import { passes, type TailMessage } from "../../../../local/cloud/workers/tailFilters";
import { Tails } from "../../../../local/cloud/workers/tails";
import { close, listen } from "../../../support/loopback";
import { eventually, TestClock } from "../support";

const HOUR_MS = 60 * 60 * 1000;
const message: TailMessage = {
  outcome: "exception",
  scriptName: "shop",
  scriptVersion: { id: "v1" },
  event: {
    request: {
      url: "http://shop/",
      method: "GET",
      headers: { "cf-connecting-ip": "127.0.0.1", "x-shopper": "ann of the hill" },
    },
  },
  logs: [{ level: "log", message: ["bought", { what: "a wand" }], timestamp: 1 }],
  exceptions: [],
};

describe("filters of a tail", () => {
  const half = () => 0.5;
  it.each([
    [{ sampling_rate: 0.6 }, { sampling_rate: 0.5 }],
    [{ outcome: ["ok", "exception"] }, { outcome: ["ok"] }],
    [{ method: ["get"] }, { method: ["POST"] }],
    [{ header: { key: "X-Shopper", query: "ann" } }, { header: { key: "x-shopper", query: "bob" } }],
    [{ header: { key: "x-shopper" } }, { header: { key: "x-other" } }],
    [{ client_ip: ["::1", "127.0.0.1"] }, { client_ip: ["127.0.0.2"] }],
    [{ query: "a wand" }, { query: "a hat" }],
    [{ scriptVersion: "v1" }, { scriptVersion: "v2" }],
  ])("%j lets a call pass, %j does not", (pass, stop) => {
    expect([passes(message, pass, half), passes(message, stop, half)]).toEqual([true, false]);
  });

  it("of requests let no other call pass", () => {
    const { event: _event, ...alarm } = message;
    expect(passes(alarm, { method: ["GET"] }, half)).toBe(false);
    expect(passes(alarm, { outcome: ["exception"] }, half)).toBe(true);
  });
});

describe("tails", () => {
  const clock = new TestClock();
  const traced: boolean[] = [];
  const state = { versions: { get: () => ({ annotations: { "workers/tag": "t1" } }) } };
  const open = () =>
    new Tails({ state: state as never, host: { trace: async (on) => void traced.push(on) }, clock, random: () => 0 });
  const worker = { name: "shop" } as never;
  const listener = () => {
    const heard: string[] = [];
    return { heard, closed: 0, send: (text: string) => void heard.push(text), close: () => {} };
  };

  it("tell who listens to a Worker, and nobody else, and stop the tracing with the last of them", async () => {
    const tails = open();
    const [one, other] = [await tails.open(worker, []), await tails.open({ name: "other" } as never, [])];
    const [mine, theirs] = [listener(), listener()];
    expect([tails.connect(one.id, mine), tails.connect(other.id, theirs), tails.connect("none", mine)]).toEqual([
      true,
      true,
      false,
    ]);
    tails.tell({ worker: "shop", versionId: "v1", item: message });
    expect(theirs.heard).toEqual([]);
    expect(mine.heard.map((text) => JSON.parse(text) as object)).toEqual([
      { ...message, scriptVersion: { id: "v1", tag: "t1" } },
    ]);
    await tails.end(one.id);
    expect(traced.at(-1)).toBe(true);
    await tails.end(other.id);
    expect(traced.at(-1)).toBe(false);
    tails.tell({ worker: "shop", versionId: "v1", item: message });
    expect(mine.heard).toHaveLength(1);
  });

  it("are ten at most, and end after six hours", async () => {
    const tails = open();
    for (let count = 0; count < 10; count++) await tails.open(worker, []);
    await expect(tails.open(worker, [])).rejects.toMatchObject({ status: 400 });
    clock.move(6 * HOUR_MS - 60_000); // the clock runs on by itself
    expect(tails.of(worker)).toHaveLength(10);
    clock.move(61_000);
    expect(tails.of(worker)).toEqual([]);
  });

  describe("by WebSocket", () => {
    const KEY = "dGhlIHNhbXBsZSBub25jZQ=="; // RFC 6455, 1.3, with the answer it gives
    const HANDSHAKE = (path: string, protocol = "trace-v1") =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`;
    let tails: Tails;
    const server = createServer();
    const sockets: Socket[] = [];
    let port: number;
    beforeAll(async () => {
      tails = open();
      server.on("upgrade", tailUpgrade(tails));
      port = Number(new URL(await listen(server)).port);
    });
    afterAll(async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    });
    function dial(handshake: string) {
      const socket = connect(port, "127.0.0.1");
      sockets.push(socket);
      const got = { bytes: Buffer.alloc(0), ended: false };
      socket.on("data", (chunk: Buffer) => (got.bytes = Buffer.concat([got.bytes, chunk])));
      socket.on("close", () => (got.ended = true));
      socket.write(handshake);
      return { socket, got };
    }

    it("refuses a tail that is not there, and another protocol", async () => {
      const { id } = await tails.open(worker, []);
      const [unknown, other] = [dial(HANDSHAKE("/tails/none")), dial(HANDSHAKE(`/tails/${id}`, "chat"))];
      await eventually(async () => unknown.got.ended && other.got.ended);
      expect(unknown.got.bytes.toString()).toMatch(/^HTTP\/1\.1 404/);
      expect(other.got.bytes.toString()).toMatch(/^HTTP\/1\.1 400/);
      await tails.end(id);
    });

    it("sends short and long texts, answers pings in pieces, takes unmasked frames, and ends the tail when left", async () => {
      const { id } = await tails.open(worker, []);
      const { socket, got } = dial(HANDSHAKE(`/tails/${id}`));
      await eventually(async () => got.bytes.includes("\r\n\r\n"));
      expect(got.bytes.toString()).toMatch(/^HTTP\/1\.1 101 [^]+Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
      got.bytes = Buffer.alloc(0);

      socket.write(Buffer.concat([Buffer.from([0x81, 15]), Buffer.from('{"debug":false}')])); // as wrangler's first, unmasked
      const ping = Buffer.from([0x89, 0x82, 1, 2, 3, 4, "h".charCodeAt(0) ^ 1, "i".charCodeAt(0) ^ 2]);
      socket.write(ping.subarray(0, 3));
      socket.write(ping.subarray(3));
      await eventually(async () =>
        got.bytes.equals(Buffer.from([0x8a, 2, ..."hi"].map((x) => (typeof x === "string" ? x.charCodeAt(0) : x)))),
      );
      got.bytes = Buffer.alloc(0);

      for (const length of [10, 1_000, 70_000]) {
        const long = { ...message, logs: [{ level: "log", message: ["x".repeat(length)], timestamp: 1 }] };
        tails.tell({ worker: "shop", versionId: "v1", item: long });
        await eventually(async () => got.bytes.includes("x".repeat(length)) && got.bytes.at(-1) === "}".charCodeAt(0));
        const size = JSON.stringify({ ...long, scriptVersion: { id: "v1", tag: "t1" } }).length;
        const head = size < 126 ? 2 : size < 65_536 ? 4 : 10;
        expect([got.bytes[0], got.bytes.length]).toEqual([0x81, head + size]);
        got.bytes = Buffer.alloc(0);
      }
      socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
      await eventually(async () => got.ended && tails.of(worker).length === 0);
    });
  });
});
