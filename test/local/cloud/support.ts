import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Cloudflare, { APIError } from "cloudflare";
import { startCloud, type Cloud, type CloudConnection, type CloudOptions } from "../../../local/cloud";
import { Coverage, problemsOf } from "./openapi";

export interface TestCloud {
  stateDir: string;
  cloud: Cloud;
  client: Cloudflare;
  accountId: string;
  /** What Cloudflare's description of the API does not allow in the answers so far. */
  problems: string[];
  /** Which of its operations were called. */
  coverage: Coverage;
  /** A request to the API without the SDK. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  status: number;
  body: { success: boolean; errors: { code: number; message: string }[]; result: never };
}

/** A cloud on a folder and ports of its own. */
export async function startTestCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const stateDir = await mkdtemp(join(tmpdir(), "embedded-cloud-"));
  const start = () => startCloud({ stateDir, apiPort: 0, edgePort: 0, ...options });
  const problems: string[] = [];
  const coverage = new Coverage();
  const judged = judgingFetch(problems, coverage);
  const test: TestCloud = { stateDir, problems, coverage, api, restart, stop, ...opened(await start()) };
  return test;

  function opened(cloud: Cloud) {
    return { cloud, client: clientOf(cloud, judged), accountId: cloud.accountId };
  }
  async function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await judged(`${test.cloud.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${test.cloud.apiToken}`, ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" || body instanceof FormData ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as ApiAnswer["body"] };
  }
  async function restart() {
    await test.cloud.close();
    Object.assign(test, opened(await start()));
  }
  async function stop() {
    await test.cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}

export const clientOf = (cloud: CloudConnection, fetcher: typeof fetch = fetch): Cloudflare =>
  new Cloudflare({ apiToken: cloud.apiToken, baseURL: cloud.apiUrl, maxRetries: 0, fetch: fetcher });

function judgingFetch(problems: string[], coverage: Coverage): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const path = new URL(input instanceof Request ? input.url : input).pathname.replace("/client/v4", "");
    const method = (init?.method ?? "GET").toUpperCase();
    coverage.add(method, path, answer.status);
    if (!answer.headers.get("content-type")?.includes("application/json")) return answer;
    const body: unknown = await answer.clone().json();
    problems.push(...problemsOf(method, path, answer.status, body));
    return answer;
  };
}

/** The code and status of the refusal that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; code: number; message: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) {
      const [first] = error.errors as { code: number; message: string }[];
      return { status: error.status as number, code: first?.code ?? 0, message: first?.message ?? "" };
    }
    throw error;
  }
  throw new Error("the call was not refused");
}

/** What the edge answers to a host name. */
export function atEdge(
  edgeUrl: string,
  host: string,
  path = "/",
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(edgeUrl);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers: { ...headers, host }, timeout: 60_000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asked.on("timeout", () => asked.destroy(new Error("the edge did not answer in time")));
    asked.on("error", reject);
    asked.end();
  });
}

export const esModule = (name: string, code: string) => ({
  name,
  content_type: "application/javascript+module",
  content_base64: Buffer.from(code).toString("base64"),
});

/** Polls until the check gives something other than false or undefined. */
export async function eventually<T>(check: () => Promise<T | false | undefined>, withinMs = 30_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it did not come to pass within ${withinMs} ms`);
}

/** A clock that runs as the system's, ahead by what it was moved; what waits is called only when it is moved. */
export class TestClock {
  #aheadMs = 0;
  readonly #waiting = new Set<{ at: number; call: () => void }>();

  readonly now = (): Date => new Date(Date.now() + this.#aheadMs);

  readonly after = (ms: number, call: () => void): (() => void) => {
    const entry = { at: this.now().getTime() + ms, call };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  };

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Moves on, and calls what is due, in order; what that adds too. */
  move(ms: number): void {
    this.#aheadMs += ms;
    const now = this.now().getTime();
    for (;;) {
      const [due] = [...this.#waiting].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
      if (!due) return;
      this.#waiting.delete(due);
      due.call();
    }
  }
}

/** Numbers from 0 to 1, the same sequence at every run (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
