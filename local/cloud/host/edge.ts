/**
 * The edge: every request of a shopper comes in here and goes to the Worker that its Host names, as it came. Requests for a
 * Worker that is being started or replaced wait.
 */
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createProxyServer, type ProxyServer } from "httpxy";
import { CoreHeaders } from "miniflare";
import type { Groups, Lease } from "./groups";
import { REQUEST_CF } from "./miniflare-options";
import { inOriginForm } from "./originForm";
import { pickVersion, type ServedVersion } from "./traffic";
import { findRoute } from "../routePattern";
import { wantsWebSocket } from "../webSocketRequest";
import type { EdgeRoute, EdgeTable } from "./types";

const LOOPBACK = "127.0.0.1";
/** How long open connections may go on when the edge closes. */
const CLOSE_GRACE_MS = 2_000;
/** How long a connection to workerd is kept for the next request: well under the 5 s after which workerd ends it. */
const KEPT_OPEN_MS = 1_000;

/** A Worker that a request can go to, for as long as `lease` is held. */
interface Target {
  url: URL;
  lease: Lease;
}

/** An answer of the edge itself. */
interface Refusal {
  status: number;
  text: string;
}

export class Edge {
  readonly #groups: Groups;
  readonly #log: (line: string) => void;
  readonly #server: Server;
  readonly #proxy: ProxyServer;
  readonly #agent = new Agent({ keepAlive: true, timeout: KEPT_OPEN_MS });
  readonly #upgraded = new Set<Duplex>();
  readonly #random: () => number;
  /** Worker by host name. */
  readonly #workers = new Map<string, string>();
  /** The versions of those Workers that have more than one. */
  readonly #versions = new Map<string, readonly [ServedVersion, ...ServedVersion[]]>();
  #routes: readonly EdgeRoute[] = [];
  #preview: NonNullable<EdgeTable["preview"]> = () => undefined;
  #defaultWorker: string | undefined;

  constructor(groups: Groups, log: (line: string) => void, random: () => number) {
    this.#groups = groups;
    this.#log = log;
    this.#random = random;
    this.#proxy = createProxyServer({});
    this.#proxy.on("error", (error, _request, response) => {
      const refusal = { status: 502, text: `The Worker broke off: ${error.message}` };
      if (response !== undefined && "writeHead" in response) refuse(response as ServerResponse, refusal);
      else response?.destroy();
    });
    const broken = (error: Error) => this.#log(`edge: ${error.message}`);
    this.#server = createServer({ shouldUpgradeCallback: wantsWebSocket }, (request, response) => {
      this.#onRequest(withoutUpgrade(inOriginForm(request)), response).catch(broken);
    });
    this.#server.on("upgrade", (request, socket, head) => {
      this.#onUpgrade(inOriginForm(request), socket as Socket, head).catch(broken);
    });
  }

  /** @throws Error with code EADDRINUSE and the port where another process has it */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, LOOPBACK, resolve);
    });
  }

  get url(): string {
    return `http://${LOOPBACK}:${(this.#server.address() as AddressInfo).port}`;
  }

  route({ workers, routes = [], preview = () => undefined, defaultWorker }: EdgeTable): void {
    this.#workers.clear();
    this.#versions.clear();
    for (const { name, hosts, versions: [first, ...rest] = [] } of workers) {
      for (const host of hosts) this.#workers.set(host.toLowerCase(), name);
      if (first) this.#versions.set(name, [first, ...rest]);
    }
    this.#routes = routes;
    this.#preview = preview;
    this.#defaultWorker = defaultWorker;
  }

  /** Accepts nothing more and lets what is open finish for a short while. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    for (const socket of this.#upgraded) socket.destroy();
    const late = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(late);
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = await this.#target(request);
    if ("status" in target) {
      refuse(response, target);
      return;
    }
    response.once("close", target.lease.leave);
    if (response.destroyed) target.lease.leave(); // the shopper left while the Worker started
    else {
      const { url } = target;
      await this.#proxy.web(request, response, { target: url, agent: this.#agent, headers: edgeHeaders(request) });
    }
  }

  /** A WebSocket does not hold up a replacement of its Worker: it could stay open for ever. It keeps it from ending as idle. */
  async #onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    this.#upgraded.add(socket.once("close", () => this.#upgraded.delete(socket)));
    socket.on("error", () => socket.destroy());
    const target = await this.#target(request);
    if ("status" in target) {
      const body = Buffer.from(`${target.text}\n`);
      socket.write(`HTTP/1.1 ${target.status} Refused\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
      socket.end(body);
      return;
    }
    const leave = target.lease.stay();
    socket.once("close", leave);
    if (socket.destroyed) leave();
    target.lease.leave();
    await this.#proxy.ws(request, socket, { target: target.url, headers: edgeHeaders(request) }, head);
  }

  /** The name under which a version runs that a host names. */
  #previewed(host: string): string | undefined {
    const preview = this.#preview(host);
    return preview && this.#groups.declarePreview(preview);
  }

  /** The Worker, or the second version of it. */
  #running(worker: string, request: IncomingMessage): string | undefined {
    if (!this.#groups.isDeclared(worker)) return undefined;
    const versions = this.#versions.get(worker);
    if (versions === undefined) return worker;
    return this.#groups.runningName(worker, pickVersion(worker, versions, request.headers, this.#random).versionId);
  }

  async #target(request: IncomingMessage): Promise<Target | Refusal> {
    const host = hostname(request);
    const routed = findRoute(this.#routes, { host, path: request.url ?? "/" })?.worker;
    const worker = routed ?? this.#workers.get(host) ?? (isLocal(host) ? this.#defaultWorker : undefined);
    try {
      const running = worker === undefined ? this.#previewed(host) : this.#running(worker, request);
      if (running === undefined) return this.#unknown(host);
      const lease = await this.#groups.lease(`worker:${running}`);
      return { url: await lease.miniflare.unsafeGetDirectURL(running), lease };
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#log(`${worker ?? host}: cannot start: ${cause}`);
      return { status: 503, text: `The Worker ${worker ?? `at ${host}`} cannot start: ${cause}` };
    }
  }

  #unknown(host: string): Refusal {
    const known = [...this.#workers.keys()].join(", ") || "none yet: deploy a Worker";
    return { status: 404, text: `No Worker answers for the host "${host}". Hosts known: ${known}` };
  }
}

/** What Cloudflare tells a Worker of the shopper, over what the shopper may have claimed. */
function edgeHeaders(request: IncomingMessage): Record<string, string> {
  return {
    "cf-connecting-ip": request.socket.remoteAddress ?? LOOPBACK,
    "x-forwarded-proto": "http",
    "x-forwarded-host": request.headers.host ?? "",
    [CoreHeaders.CF_BLOB.toLowerCase()]: JSON.stringify(REQUEST_CF), // becomes `request.cf`, and is no header there
  };
}

/** A request that stays one: an offer to change the protocol that was overlooked goes no further. */
function withoutUpgrade(request: IncomingMessage): IncomingMessage {
  if (request.headers.upgrade === undefined) return request;
  for (const name of ["upgrade", "connection", "http2-settings"]) delete request.headers[name];
  return request;
}

function hostname(request: IncomingMessage): string {
  try {
    return new URL(`http://${request.headers.host}`).hostname.toLowerCase();
  } catch {
    return "";
  }
}

const isLocal = (host: string): boolean => host === "localhost" || isIP(host.replace(/^\[|\]$/g, "")) !== 0;

function refuse(response: ServerResponse, { status, text }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .end(`${text}\n`);
}
