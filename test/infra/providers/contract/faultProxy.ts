import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with one request: the answer is lost after it was carried out, or it is refused before. */
export const FAULTS = ["lost answer", 500, 503, 429] as const;
export type Fault = (typeof FAULTS)[number];

/** Stands between the provider and the cloud, and spoils one request. */
export interface FaultProxy {
  readonly baseUrl: string;
  /** `METHOD /path` of the requests that may change something, since the last `spoil` or `forget`. */
  readonly writes: string[];
  /** Spoils the nth of the next writes, once. */
  spoil(nth: number, fault: Fault): void;
  forget(): void;
  close(): Promise<void>;
}

const REFUSALS = { 500: "internal error", 503: "try later", 429: "too many requests" } as const;

/** @param target address of the API, up to and with `/client/v4`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const writes: string[] = [];
  let spoiled: { nth: number; fault: Fault } | undefined;
  const origin = new URL(target).origin;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isWrite = request.method !== "GET";
    if (isWrite) writes.push(`${request.method} ${request.url?.replace(/^\/client\/v4/, "")}`);
    const fault = isWrite && spoiled?.nth === writes.length ? spoiled.fault : undefined;
    const body = await readAll(request);
    if (fault !== undefined && fault !== "lost answer") {
      const errors = [{ code: 1, message: REFUSALS[fault] }];
      response.writeHead(fault).end(JSON.stringify({ success: false, errors, messages: [], result: null }));
      return;
    }
    const { authorization = "", "content-type": type = "application/json" } = request.headers;
    const answer = await fetch(`${origin}${request.url}`, {
      method: request.method ?? "GET",
      headers: { authorization, "content-type": type },
      body: isWrite ? new Uint8Array(body) : null,
    });
    const text = Buffer.from(await answer.arrayBuffer());
    if (fault === "lost answer") {
      request.socket.destroy();
      return;
    }
    const edge = answer.headers.get("cf-edge-url");
    response.writeHead(answer.status, {
      "content-type": answer.headers.get("content-type") ?? "application/json",
      ...(edge === null ? {} : { "cf-edge-url": edge }),
    });
    response.end(text);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    writes,
    spoil(nth, fault) {
      writes.length = 0;
      spoiled = { nth, fault };
    },
    forget() {
      writes.length = 0;
      spoiled = undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
