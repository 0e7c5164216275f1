import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface Item {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  user: { login: string };
  pull_request?: object;
  html_url: string;
}

/** The part of GitHub's API that the steps use, over real HTTP. */
export class GitHubStub {
  readonly comments: Item[] = [];
  readonly issues: Item[] = [];
  /** `METHOD path` of every request. */
  readonly asked: string[] = [];
  /** Answered instead of what was asked for, one after another. */
  readonly answers: { status: number; body: object }[] = [];
  #server: Server;
  #next = 1;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<GitHubStub> {
    const server = createServer();
    const stub = new GitHubStub(server);
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void stub.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  /** Variables as GitHub Actions sets them. */
  get env(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "acme/shops",
      GITHUB_TOKEN: "ghs_only_for_this_test",
    };
  }

  add(list: "comments" | "issues", body: string, login = "somebody", more: Partial<Item> = {}): Item {
    const id = this.#next++;
    const item = {
      id,
      number: id,
      body,
      state: "open",
      user: { login },
      html_url: `https://github.example/${id}`,
      ...more,
    };
    this[list].push(item);
    return item;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stub");
    this.asked.push(`${request.method} ${url.pathname}`);
    const body = request.method === "GET" ? {} : ((await json(request)) as Partial<Item>);
    const send = (status: number, answer: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    };
    const planned = this.answers.shift();
    if (planned !== undefined) return send(planned.status, planned.body);
    if (request.headers.authorization !== "Bearer ghs_only_for_this_test")
      return send(401, { message: "Bad credentials" });
    const [, list] = /^\/repos\/acme\/shops\/issues(?:\/\d+\/(comments))?$/.exec(url.pathname) ?? [
      undefined,
      undefined,
    ];
    const kind = url.pathname.endsWith("/comments") ? "comments" : "issues";
    if (list !== undefined || url.pathname === "/repos/acme/shops/issues") {
      if (request.method === "POST") {
        if ((body.body ?? "").length > 65_536) return send(422, { message: "body is too long" });
        return send(
          201,
          this.add(kind, body.body ?? "", "github-actions[bot]", body.title === undefined ? {} : { title: body.title }),
        );
      }
      const [page, size] = [Number(url.searchParams.get("page")), Number(url.searchParams.get("per_page"))];
      const open = this[kind].filter(({ state }) => state === "open");
      return send(200, open.slice((page - 1) * size, page * size));
    }
    const [, comment, id] = /^\/repos\/acme\/shops\/issues\/(comments\/)?(\d+)$/.exec(url.pathname) ?? [];
    const item = this[comment === undefined ? "issues" : "comments"].find((one) => one.id === Number(id));
    if (request.method !== "PATCH" || item === undefined) return send(404, { message: "Not Found" });
    send(200, Object.assign(item, body));
  }
}
