/**
 * The networking sidecar that workerd starts beside each container: `CONNECT` opens a connection to the container's port,
 * `PUT /egress` and `GET /ca` configure outgoing traffic (cloudflare/proxy-everything, README). A process of this machine
 * reaches the network by itself, so the last two are accepted and have no effect.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { ContainerPorts } from "./command";

const REFUSED = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"; // workerd reads 400 as "not listening"
const CONNECTED = "HTTP/1.1 200 OK\r\n\r\n";

export class IngressProxy {
  readonly #server: Server;
  readonly #ports: () => ContainerPorts | undefined;
  readonly #tunnels = new Set<Duplex>();

  /** @param ports where the container's process listens now; undefined while it does not run */
  constructor(ports: () => ContainerPorts | undefined) {
    this.#ports = ports;
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

  async stop(): Promise<void> {
    if (!this.running) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const tunnel of this.#tunnels) tunnel.destroy();
    await closed;
  }

  #tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const wanted = Number(request.headers["x-dst-addr"]?.toString().split(":").pop());
    const ports = this.#ports();
    this.#tunnels.add(socket.once("close", () => this.#tunnels.delete(socket)));
    socket.on("error", () => socket.destroy());
    if (ports === undefined || (ports.inside ?? wanted) !== wanted) {
      socket.end(REFUSED);
      return;
    }
    const target = connect({ host: "127.0.0.1", port: ports.outside, allowHalfOpen: true, noDelay: true });
    let connected = false;
    target.once("connect", () => {
      connected = true;
      socket.write(CONNECTED);
      target.write(head);
      target.pipe(socket).pipe(target);
    });
    target.once("error", () => (connected ? socket.destroy() : socket.end(REFUSED)));
    socket.once("close", () => target.destroy());
  }
}
