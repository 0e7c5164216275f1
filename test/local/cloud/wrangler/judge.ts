/** Stands between wrangler and the cloud's API, and holds every answer against Cloudflare's description. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { TestCloud } from "../support";
import { problemsOf } from "../openapi";
import { close, listen } from "../../../support/loopback";

const BASE = "/client/v4";
/** Codes of answers that only an imitation gives: no route, and no such feature. */
const NOT_IMITATED = new Set([7000, 7001]);

export class Judge {
  readonly #test: TestCloud;
  readonly #server: Server;
  /** What is wrong with the answers so far. */
  readonly problems: string[] = [];
  url = "";

  constructor(test: TestCloud) {
    this.#test = test;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch((error: Error) => {
        this.problems.push(error.message);
        response.destroy();
      });
    });
  }

  async start(): Promise<void> {
    this.url = (await listen(this.#server)) + BASE;
  }

  stop = (): Promise<void> => close(this.#server);

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host: _host, connection: _connection, "content-length": _length, ...rest } = headers;
    const answer = await fetch(new URL(url, this.#test.cloud.apiUrl), {
      method,
      headers: rest as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      signal: AbortSignal.timeout(60_000),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get("content-type") ?? "";
    if (type.includes("application/json")) {
      const path = new URL(url, this.url).pathname.replace(BASE, "");
      const document = JSON.parse(body.toString("utf8")) as { errors?: { code: number; message: string }[] | null };
      this.problems.push(...problemsOf(method, path, answer.status, document));
      const missing = document.errors?.find(({ code }) => NOT_IMITATED.has(code));
      if (missing) this.problems.push(`${method} ${path}: ${missing.message}`);
    }
    response.writeHead(answer.status, type === "" ? {} : { "content-type": type }).end(body);
  }
}
