import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { Notice } from "../../../../runtime/worker/metrics/alerts/notice";
import { close, listen } from "../../../support/loopback";

export interface Received {
  notice: Notice;
  headers: IncomingHttpHeaders;
  path: string;
}

/** A receiver of alerts on loopback that remembers what it took. */
export class Receiver {
  /** What it answered with 2xx. */
  readonly taken: Received[] = [];
  /** Requests, whatever came of them. */
  asked = 0;
  /** Status of its answers; `hang` for none, ever. */
  answer: number | "hang" = 204;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      this.asked += 1;
      if (this.answer === "hang") return;
      const { answer } = this;
      if (answer < 300) {
        const notice = JSON.parse(Buffer.concat(chunks).toString()) as Notice;
        this.taken.push({ notice, headers: request.headers, path: request.url ?? "" });
      }
      response.writeHead(answer, answer === 302 ? { Location: "/elsewhere" } : {}).end();
    });
  }

  listen(): Promise<string> {
    return listen(this.#server);
  }

  close(): Promise<void> {
    return close(this.#server);
  }

  /** What was told of, such as `model-errors firing`. */
  get told(): string[] {
    return this.taken.map(({ notice }) => `${notice.alert} ${notice.status}`);
  }
}
