/**
 * The WebSocket of a tail (RFC 6455), as far as it is needed: text goes out; of what comes in, pings are answered and the rest is
 * let go. Written here because wrangler sends its first message unmasked, which every library refuses and Cloudflare does not.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Listener, Tails } from "../../workers/tails";

export const TAIL_PATH = "/tails/";
const PROTOCOL = "trace-v1";
/** RFC 6455, 1.3. */
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const NORMAL_CLOSURE = 1000;
/** The longest message that a client may send; wrangler's has twenty bytes. */
const MAX_INCOMING_BYTES = 64 * 1024;

/** Answers a request to upgrade: that of a tail there is, with the tail's messages; any other with a refusal. */
export function tailUpgrade(tails: Tails): (request: IncomingMessage, socket: Duplex) => void {
  return (request, socket) => {
    socket.on("error", () => socket.destroy());
    const { pathname } = new URL(request.url ?? "/", "http://tail");
    const key = request.headers["sec-websocket-key"];
    const listener: Listener = {
      send: (text) => void socket.write(frame(OPCODE.text, Buffer.from(text))),
      close: () => void socket.end(frame(OPCODE.close, closeCode(NORMAL_CLOSURE))),
    };
    if (!pathname.startsWith(TAIL_PATH) || key === undefined) return refuse(socket, "400 Bad Request");
    if (!protocolsOf(request).includes(PROTOCOL)) return refuse(socket, "400 Bad Request");
    const id = pathname.slice(TAIL_PATH.length);
    if (!tails.connect(id, listener)) return refuse(socket, "404 Not Found");
    const accept = createHash("sha1")
      .update(key + ACCEPT_GUID)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${PROTOCOL}\r\n\r\n`,
    );
    socket.on("close", () => void tails.end(id));
    readFrames(socket);
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

const protocolsOf = ({ headers }: IncomingMessage): string[] =>
  (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());

function readFrames(socket: Duplex): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let read = readFrame(pending); read !== undefined; read = readFrame(pending)) {
      pending = pending.subarray(read.length);
      if (read.opcode === OPCODE.ping) socket.write(frame(OPCODE.pong, read.payload));
      if (read.opcode === OPCODE.close) return void socket.end(frame(OPCODE.close, read.payload));
    }
    if (pending.length > MAX_INCOMING_BYTES) socket.destroy();
  });
}

/** The first frame of what came, masked or not; undefined where it is not whole yet. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (bytes.readUInt8(1) & 0x80) !== 0;
  const start = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const size = extended === 2 ? bytes.readUInt16BE(2) : extended === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + size) return undefined;
  const payload = Buffer.from(bytes.subarray(start, start + size));
  const mask = bytes.subarray(start - 4, start);
  if (masked) for (const [at, byte] of payload.entries()) payload[at] = byte ^ (mask[at % 4] ?? 0);
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, length: start + size };
}

/** A whole message in one frame, unmasked as all of a server's are. */
function frame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}

function closeCode(code: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return bytes;
}
