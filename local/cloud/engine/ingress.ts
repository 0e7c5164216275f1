/**
 * The networking sidecar that workerd starts beside each container: `CONNECT` opens a connection to the container's port,
 * `PUT /egress` and `GET /ca` configure outgoing traffic (cloudflare/proxy-everything, README). Processes and containers of
 * this machine reach the network by themselves, so the last two are accepted and have no effect.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Address } from "./launcher";

const REFUSED = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"; // workerd reads 400 as "not listening"
const CONNECTED = "HTTP/1.1 200 OK\r\n\r\n";
/** How soon a proxy hangs up that found nothing behind it, in milliseconds: it has tried a port of this machine. */
const HANG_UP_MS = 50;

export class IngressProxy {
  readonly #server: Server;
  readonly #address: (port: number) => Address | undefined;
  readonly #tunnels = new Set<Duplex>();
  /** Ports of proxies that something was found to listen behind. */
  readonly #found = new Set<number>();

  /** @param address where a port of the container is reached now; undefined while nothing can listen there */
  constructor(address: (port: number) => Address | undefined) {
    this.#address = address;
    this.#server = createServer((request, response) => {
      request.resume();
      response.writeHead(request.method === "PUT" ? 204 : 200, { "content-length": 0 }).end();
    });
    this.#server.on("connect", (request, socket, head) => this.#tunnel(request, socket, head));
  }

  /** Listens on a free port of 127.0.0.1. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
  }

  get running(): boolean {
    return this.#server.listening;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Cuts every tunnel: the container has ended. Without this a request could be sent into a tunnel whose other end has gone with its
   * network, and would wait for an answer until TCP gives up.
   */
  disconnect(): void {
    for (const tunnel of this.#tunnels) tunnel.destroy();
    this.#found.clear();
  }

  async stop(): Promise<void> {
    if (!this.running) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.disconnect();
    await closed;
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const wanted = Number(request.headers["x-dst-addr"]?.toString().split(":").pop());
    const address = this.#address(wanted);
    this.#tunnels.add(socket.once("close", () => this.#tunnels.delete(socket)));
    socket.on("error", () => socket.destroy());
    if (address === undefined) {
      socket.end(REFUSED);
      return;
    }
    const { host, port, proxied = false } = address;
    const target = connect({ host, port, allowHalfOpen: true, noDelay: true });
    let connected = false;
    const open = (): void => {
      connected = true;
      if (proxied) this.#found.add(port);
      socket.write(CONNECTED);
      target.write(head);
      target.pipe(socket).pipe(target);
    };
    target.once("connect", () => {
      if (!proxied || this.#found.has(port)) open();
      else staysOpen(target, open, () => socket.end(REFUSED));
    });
    target.once("error", () => (connected ? socket.destroy() : socket.end(REFUSED)));
    socket.once("close", () => target.destroy());
  }
}

/** Tells whether the other side keeps a new connection for longer than a moment, or says something on it. */
function staysOpen(target: Socket, yes: () => void, no: () => void): void {
  const settle = (verdict: () => void): void => {
    clearTimeout(timer);
    target.off("data", onData).off("end", onEnd).off("close", onEnd).pause();
    verdict();
  };
  const onData = (chunk: Buffer): void => {
    settle(() => {
      target.unshift(chunk);
      yes();
    });
  };
  const onEnd = (): void => settle(no);
  const timer = setTimeout(() => settle(yes), HANG_UP_MS);
  target.on("data", onData).on("end", onEnd).on("close", onEnd);
}
