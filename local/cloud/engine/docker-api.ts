/**
 * The part of Docker's HTTP API that workerd uses (workerd, src/workerd/server/container-client.c++ at the pinned version).
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Container } from "./container";
import { EngineError, type ContainerSet } from "./container-set";
import type { IngressProxy } from "./ingress";

/** The port of its sidecar that workerd looks up in the published ports. */
const SIDECAR_PORT = "39001/tcp";
/** Where workerd listens for a container's outgoing traffic, and who may come: this machine alone. */
const BRIDGE = {
  Name: "bridge",
  IPAM: { Driver: "default", Config: [{ Subnet: "127.0.0.0/8", Gateway: "127.0.0.1" }] },
};
const MAX_BODY_BYTES = 1 << 20; // a create request carries the environment

interface Reply {
  status: number;
  body?: unknown;
}

export function dockerApi(containers: ContainerSet): RequestListener {
  return (request, response) => {
    answer(containers, request).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        const status = error instanceof EngineError ? error.status : 500;
        send(response, { status, body: { message: error instanceof Error ? error.message : String(error) } });
      },
    );
  };
}

async function answer(containers: ContainerSet, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? "/", "http://engine");
  const body = await readText(request);
  const route = `${request.method} ${url.pathname}`;
  if (route === "GET /volumes") return { status: 200, body: { Volumes: [], Warnings: null } };
  if (route === "GET /networks/bridge") return { status: 200, body: BRIDGE };
  if (route === "POST /containers/create") return create(containers, url, body);
  const [, escaped = "", action = ""] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
  const name = decodeURIComponent(escaped);
  const container = containers.find(name);
  const sidecar = containers.findSidecar(name);
  if (container === undefined && sidecar === undefined) throw new EngineError(404, `No such container: ${name}`);
  if (request.method === "DELETE" && action === "") {
    await containers.remove(name);
    return { status: 204 };
  }
  const reply = sidecar === undefined ? undefined : await sidecarAction(sidecar, name, action);
  const other = container === undefined ? undefined : await containerAction(containers, container, action, url);
  const found = reply ?? other;
  if (found === undefined) throw new EngineError(501, `the embedded engine has no ${route}`);
  return found;
}

function create(containers: ContainerSet, url: URL, body: string): Reply {
  const name = url.searchParams.get("name");
  if (name === null) throw new EngineError(400, "the name of the container is missing: ?name=");
  const { Image, Cmd, Env } = JSON.parse(body) as { Image: string; Cmd?: string[]; Env?: string[] };
  containers.create(name, Image, { cmd: Cmd, env: Env });
  return { status: 201, body: { Id: name, Warnings: [] } };
}

async function sidecarAction(sidecar: IngressProxy, name: string, action: string): Promise<Reply | undefined> {
  switch (action) {
    case "start":
      if (sidecar.running) return { status: 304 };
      await sidecar.start();
      return { status: 204 };
    case "json":
      return {
        status: 200,
        body: sidecar.running ? inspected(name, "running", 0, sidecar.port) : inspected(name, "created", 0),
      };
    default:
      return undefined;
  }
}

async function containerAction(
  containers: ContainerSet,
  container: Container,
  action: string,
  url: URL,
): Promise<Reply | undefined> {
  switch (action) {
    case "start":
      if (container.state === "running") return { status: 304 };
      await containers.start(container);
      return { status: 204 };
    case "json":
      return { status: 200, body: inspected(container.name, container.state, container.exitCode) };
    case "kill":
      return { status: container.signal((url.searchParams.get("signal") ?? "SIGKILL") as NodeJS.Signals) ? 204 : 409 };
    case "stop":
      if (container.state !== "running") return { status: 304 };
      await container.stop("SIGTERM");
      return { status: 204 };
    case "wait": {
      const code = await container.wait();
      if (container.refusal !== undefined) throw new EngineError(503, container.refusal);
      return { status: 200, body: { Error: null, StatusCode: code } };
    }
    default:
      return undefined;
  }
}

function inspected(name: string, state: string, exitCode: number, port?: number): object {
  const ports = port === undefined ? {} : { [SIDECAR_PORT]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
  return {
    Id: name,
    State: { Status: state, Running: state === "running", ExitCode: exitCode },
    Config: { Labels: {} },
    NetworkSettings: { Ports: ports },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new EngineError(413, `the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  if (status === 204 || status === 304) response.writeHead(status).end();
  else response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length }).end(bytes);
}
