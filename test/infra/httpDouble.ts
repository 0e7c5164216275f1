import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  /** Path and query, after the base address. */
  readonly path: string;
  readonly body: unknown;
}

interface Headed {
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer: `result` is put into an envelope, `error` into one that refuses, `raw` is sent as it is. */
export type Answer =
  | ({ readonly result: unknown } & Headed)
  | ({ readonly status: number; readonly error: { code: number; message: string } } & Headed)
  | ({ readonly status: number; readonly raw: string } & Headed)
  | "hang up"; // after the request was carried out: the answer is lost

export interface HttpDouble {
  readonly baseUrl: string;
  readonly received: Received[];
  readonly authorizations: Set<string>;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as a test says. */
export async function startDouble(answer: (request: Received) => Answer): Promise<HttpDouble> {
  const received: Received[] = [];
  const authorizations = new Set<string>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readJson(request);
    const one = { method: request.method ?? "", path: (request.url ?? "").replace(/^\/client\/v4/, ""), body };
    received.push(one);
    authorizations.add(request.headers.authorization ?? "");
    const given = answer(one);
    if (given === "hang up") request.socket.destroy();
    else if ("raw" in given) response.writeHead(given.status, given.headers).end(given.raw);
    else response.writeHead("status" in given ? given.status : 200, given.headers).end(envelope(given));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/client/v4`,
    received,
    authorizations,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

const envelope = (given: { result: unknown } | { error: object }): string =>
  JSON.stringify({
    success: "result" in given,
    errors: "error" in given ? [given.error] : [],
    messages: [],
    result: "result" in given ? given.result : null,
  });

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}
