import { request } from "node:http";
import type { Edge } from "../harness";

export interface Heard {
  type: string;
  data: Record<string, unknown>;
  seq?: number;
}

/** A shopper's WebSocket over real TCP, which remembers what it heard. */
export class Client {
  readonly heard: Heard[] = [];
  /** Texts that are no events, such as `pong`. */
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;
  #changed: () => void = () => undefined;

  private constructor(address: string) {
    this.#socket = new WebSocket(address);
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.addEventListener("open", () => resolve());
      this.#socket.addEventListener("error", () => reject(new Error(`no WebSocket at ${address}`)));
    });
    this.closed = new Promise((resolve) => {
      this.#socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
    this.#socket.addEventListener("message", ({ data }) => {
      const text = String(data);
      if (text.startsWith("{")) this.heard.push(JSON.parse(text) as Heard);
      else this.texts.push(text);
      this.#changed();
    });
  }

  static async open(edge: Edge, query: string): Promise<Client> {
    const address = new URL(`/ws?${query}`, await edge.mf.ready);
    const client = new Client(address.href.replace(/^http/, "ws"));
    await client.#opened;
    return client;
  }

  say(message: unknown): void {
    this.#socket.send(typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message));
  }

  /** Waits until something was heard that fits. */
  async until(fits: (heard: readonly Heard[]) => boolean, what = "an event"): Promise<void> {
    const late = AbortSignal.timeout(30_000);
    while (!fits(this.heard)) {
      if (late.aborted) throw new Error(`waited in vain for ${what}; heard ${JSON.stringify(this.heard)}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        late.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Waits for the first event of a type. */
  async event(type: string): Promise<Heard> {
    await this.until((heard) => heard.some((one) => one.type === type), type);
    return this.heard.find((one) => one.type === type)!;
  }

  /** All that was sent before this moment has been heard: the server answers in order. */
  async caughtUp(): Promise<void> {
    const before = this.texts.length;
    this.say("ping");
    const late = AbortSignal.timeout(30_000);
    while (this.texts.length === before && !late.aborted) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        late.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
    await this.closed;
  }
}

/**
 * Opens a WebSocket that only waits for the server's Close frame, and gives what it says. workerd sends the frame at once but
 * may hold the connection for a while after it, and a WebSocket of Node tells of a close only when that has ended.
 */
export async function closeFrame(
  edge: Edge,
  query: string,
): Promise<{ frame: Promise<{ code: number; reason: string }> }> {
  const headers = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const asking = request(new URL(`/ws?${query}`, await edge.mf.ready), { headers });
  return new Promise((resolve, reject) => {
    asking.on("error", reject).end();
    asking.on("upgrade", (_response, socket, head) => {
      const frame = new Promise<{ code: number; reason: string }>((done) => {
        let seen = head;
        const read = (chunk: Buffer): void => {
          seen = Buffer.concat([seen, chunk]);
          const at = seen.indexOf(0x88);
          const length = seen[at + 1] ?? 0;
          if (at === -1 || seen.length < at + 2 + length) return;
          done({ code: seen.readUInt16BE(at + 2), reason: seen.toString("utf8", at + 4, at + 2 + length) });
          socket.destroy();
        };
        socket.on("data", read).on("error", () => undefined);
      });
      resolve({ frame });
    });
  });
}
