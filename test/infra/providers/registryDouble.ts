import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ACCOUNT } from "./setup";

export const PASSWORD = "a-password-that-nothing-may-hold";
export const BASIC = `Basic ${Buffer.from(`v1:${PASSWORD}`).toString("base64")}`;
const MANIFEST = `/v2/${ACCOUNT}/wandstore-generator/manifests/`;

export interface RegistryDouble {
  readonly host: string;
  readonly baseUrl: string;
  /** Digests by tag. */
  readonly tags: Map<string, string>;
  /** Method, path and query of each request. */
  readonly received: string[];
  /** What the requests for credentials asked for. */
  readonly asked: unknown[];
  /** Headers of the last request to the registry. */
  headers: IncomingMessage["headers"];
  /** What the registry answers in place of its tags. */
  status: number | undefined;
  /** Header `WWW-Authenticate` for those who bring no token. */
  challenge: string | undefined;
  close(): Promise<void>;
}

/** The API that issues credentials, the registry they are for and the one that issues its tokens, on one port of loopback. */
export async function registryDouble(): Promise<RegistryDouble> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { pathname, search } = new URL(request.url ?? "", "http://double");
      double.received.push(`${request.method} ${pathname}${search}`);
      if (pathname.endsWith("/credentials")) {
        double.asked.push(JSON.parse(Buffer.concat(chunks).toString()));
        const result = { account_id: ACCOUNT, registry_host: double.host, username: "v1", password: PASSWORD };
        response.writeHead(201).end(JSON.stringify({ success: true, errors: [], messages: [], result }));
      } else if (pathname === "/token") {
        const isKnown = request.headers.authorization === BASIC;
        response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(isKnown ? { token: "a-token" } : {}));
      } else {
        double.headers = request.headers;
        answerOfRegistry(pathname.slice(MANIFEST.length), request.headers.authorization);
      }
    });

    function answerOfRegistry(tag: string, authorization: string | undefined): void {
      if (double.challenge !== undefined && authorization !== "Bearer a-token") {
        response.writeHead(401, { "WWW-Authenticate": double.challenge }).end();
        return;
      }
      const digest = double.tags.get(tag);
      const status = double.status ?? (digest === undefined ? 404 : 200);
      response.writeHead(status, digest === undefined ? {} : { "Docker-Content-Digest": digest }).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const double: RegistryDouble = {
    host,
    baseUrl: `http://${host}/client/v4`,
    tags: new Map(),
    received: [],
    asked: [],
    headers: {},
    status: undefined,
    challenge: undefined,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
  return double;
}
