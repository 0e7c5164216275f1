import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { startContainerEngine, type ContainerEngine, type Launcher } from "../../../../local/cloud/engine";

export const NAMESPACE = "0123456789abcdef0123456789abcdef";
export const objectId = (digit: string): string => digit.repeat(64);
export const containerName = (digit: string, namespace = NAMESPACE): string =>
  `workerd-${namespace}-${objectId(digit)}`;

export interface Answer {
  status: number;
  body: { [key: string]: unknown; message?: string };
}

/** An engine, and its API as workerd calls it: containers are named by one hexadecimal digit. */
export class TestEngine {
  private constructor(
    readonly engine: ContainerEngine,
    /** The output of the containers, in the order of its arrival. */
    readonly lines: string[],
  ) {}

  static async start(socketDir: string, launcher: Launcher, stopGraceMs?: number): Promise<TestEngine> {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const grace = stopGraceMs === undefined ? {} : { stopGraceMs };
    return new TestEngine(await startContainerEngine({ socketDir, log, launcher, ...grace }), lines);
  }

  /** One call of Docker's API on the engine's socket. */
  docker(method: string, route: string, body?: unknown): Promise<Answer> {
    const socketPath = this.engine.miniflareOption.localDocker.socketPath.replace("unix:", "");
    return new Promise((resolve, reject) => {
      const call = request({ socketPath, method, path: route, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) }),
        );
      });
      call.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  create(digit: string, more: object = {}): Promise<Answer> {
    return this.docker("POST", `/containers/create?name=${containerName(digit)}`, { Image: "any", ...more });
  }

  act(digit: string, action: string): Promise<Answer> {
    return this.docker("POST", `/containers/${containerName(digit)}/${action}`);
  }

  remove(digit: string): Promise<Answer> {
    return this.docker("DELETE", `/containers/${containerName(digit)}?force=true`);
  }

  async status(digit: string): Promise<string> {
    const { body } = await this.docker("GET", `/containers/${containerName(digit)}/json`);
    return (body.State as { Status: string }).Status;
  }

  /** Starts the sidecar as workerd does; the answer is its port. */
  async startSidecar(digit: string): Promise<number> {
    const name = `${containerName(digit)}-proxy`;
    const { containerEgressInterceptorImage: Image } = this.engine.miniflareOption.localDocker;
    await this.docker("POST", `/containers/create?name=${name}`, { Image });
    await this.docker("POST", `/containers/${name}/start`);
    const { body } = await this.docker("GET", `/containers/${name}/json`);
    const settings = body.NetworkSettings as { Ports: Record<string, { HostPort: string }[]> };
    return Number(settings.Ports["39001/tcp"]?.[0]?.HostPort);
  }
}

/** A connection to the container's port through the sidecar, on which nothing is said; it stays when the other side ends. */
export async function openTunnel(sidecar: number, port: number): Promise<Socket> {
  const tunnel = connect({ port: sidecar, host: "127.0.0.1", allowHalfOpen: true });
  tunnel.write(connectTo(port));
  const [answer] = (await once(tunnel, "data")) as [Buffer];
  expect(answer.toString()).toBe("HTTP/1.1 200 OK\r\n\r\n");
  return tunnel.resume();
}

const connectTo = (port: number): string =>
  `CONNECT 10.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nX-Dst-Addr: 10.0.0.1:${port}\r\n\r\n`;

/** GET / of the container's port through the sidecar; undefined where it does not listen. */
export function tryGet(sidecar: number, port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(sidecar, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text === "HTTP/1.1 200 OK\r\n\r\n") socket.write("GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
    });
    socket.once("end", () =>
      resolve(text.startsWith("HTTP/1.1 400") ? undefined : text.slice(text.lastIndexOf("\r\n{"))),
    );
    socket.once("error", reject);
    socket.write(connectTo(port));
  });
}

/** Polls until the check gives something. */
export async function eventually<T>(check: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it did not come to pass within 30 s");
}
