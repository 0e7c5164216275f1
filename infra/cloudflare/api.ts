import { setTimeout as wait } from "node:timers/promises";
import { resultOf, retryAfterMs } from "./envelope";
import { CloudflareError, type OwnCode } from "./errors";
import { withRetries } from "./retry";

export const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";
/** Longest wait for an ordinary answer, milliseconds. */
const DEADLINE_MS = 30_000;

export interface ApiOptions {
  /** Address up to and with `/client/v4`; the embedded cloud is only another one. */
  readonly baseUrl: string;
  /** Sent to that address and nowhere else. */
  readonly apiToken: string;
  readonly fetch?: typeof fetch;
  /** Waits before a request is tried again, milliseconds; tests pass one that does not. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Sees the headers of every answer. */
  readonly onAnswer?: (headers: Headers) => void;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  /** Longest wait for one answer, milliseconds; 30 s if left out. */
  readonly deadlineMs?: number;
  /**
   * Whether it may be sent again when nobody knows whether it was carried out. Left out: GET, PUT and DELETE may; a DELETE that
   * finds nothing the second time is answered with Cloudflare's 404.
   */
  readonly idempotent?: boolean;
  /** Ends the waiting for another try. A request that is under way is never cut: its outcome would be unknown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request. `path` starts with a slash; `body` is sent as JSON; the result is what the envelope holds, unchecked. A request
 * that was not carried out is sent again a few times, see `withRetries`.
 * @throws CloudflareError for every refusal, a missed deadline and an answer that is not an envelope.
 */
export type CloudflareApi = <Result>(
  method: Method,
  path: string,
  body?: unknown,
  options?: RequestOptions,
) => Promise<Result>;

/**
 * One request whose answer is no envelope (a KV value, an R2 object), or of whose envelope more than the result is needed.
 * The body is unread, and just as it is stored; the deadline holds for reading it too.
 * @throws CloudflareError for every refusal and a missed deadline.
 */
export type CloudflareRaw = (
  method: Method,
  path: string,
  body?: unknown,
  options?: RequestOptions,
) => Promise<Response>;

/** The one door to Cloudflare's REST API. */
export function cloudflareApi(options: ApiOptions): CloudflareApi {
  return async <Result>(method: Method, path: string, body?: unknown, asked: RequestOptions = {}): Promise<Result> =>
    withRetries(
      async (leftMs) => {
        const request = `${method} ${path}`;
        const deadlineMs = Math.min(asked.deadlineMs ?? DEADLINE_MS, leftMs);
        const response = await send(options, { method, path, body, deadlineMs });
        const text = await response.text().catch((cause: unknown) => {
          throw noAnswer(options, request, deadlineMs, cause);
        });
        return resultOf(response, text, request) as Result;
      },
      patienceOf(options, method, asked),
    );
}

/** The same door, for answers that are no envelope. */
export function cloudflareRaw(options: ApiOptions): CloudflareRaw {
  return async (method, path, body, asked = {}) =>
    withRetries(
      async (leftMs) => {
        const deadlineMs = asked.deadlineMs ?? Math.min(DEADLINE_MS, leftMs); // a large object may take longer than all tries
        const headers = { "Accept-Encoding": "identity" };
        const response = await send(options, { method, path, body, deadlineMs, headers });
        if (response.ok) return response;
        const text = await response.text().catch(() => "");
        const request = `${method} ${path}`;
        resultOf(response, text, request); // throws what the refusal says
        throw ownError(response, "NOT_AN_ENVELOPE", "refused without saying why", request);
      },
      patienceOf(options, method, asked),
    );
}

const patienceOf = ({ sleep, now = Date.now }: ApiOptions, method: Method, asked: RequestOptions) => ({
  idempotent: asked.idempotent ?? (method !== "POST" && method !== "PATCH"),
  sleep: sleep ?? ((ms: number) => wait(ms, undefined, { signal: asked.signal })),
  now,
  signal: asked.signal,
});

interface Sent {
  readonly method: Method;
  readonly path: string;
  readonly body: unknown;
  readonly deadlineMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send(options: ApiOptions, { method, path, body, deadlineMs, headers = {} }: Sent): Promise<Response> {
  const { baseUrl, apiToken, fetch: ask = fetch } = options;
  const request = `${method} ${path}`;
  if (apiToken === "")
    throw ownError({ status: 0 }, "NO_TOKEN", "there is no API token; set CLOUDFLARE_API_TOKEN", request);
  try {
    const response = await ask(`${baseUrl.replace(/\/+$/, "")}${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiToken}`, "Content-Type": "application/json", ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: "manual", // the token goes to this address and nowhere else
      signal: AbortSignal.timeout(Math.max(1, deadlineMs)),
    });
    options.onAnswer?.(response.headers);
    return response;
  } catch (cause) {
    if (NO_CONNECTION.has(codeOf(cause))) {
      throw ownError({ status: 0 }, "NOT_REACHED", `no connection to ${baseUrl} (${codeOf(cause)})`, request, cause);
    }
    throw noAnswer(options, request, deadlineMs, cause);
  }
}

/** What fetch's cause says when not even a connection came about. */
const NO_CONNECTION: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const codeOf = (error: unknown): string => (error as { cause?: { code?: string } }).cause?.code ?? "";

const ownError = (
  answer: { status: number; headers?: Headers },
  code: OwnCode,
  message: string,
  path: string,
  cause?: unknown,
): CloudflareError =>
  new CloudflareError(
    { status: answer.status, code, message, path, retryAfterMs: retryAfterMs(answer.headers) },
    { cause },
  );

const noAnswer = ({ baseUrl }: ApiOptions, request: string, deadlineMs: number, cause: unknown): CloudflareError =>
  ownError({ status: 0 }, "NO_ANSWER", `no answer from ${baseUrl} within ${deadlineMs} ms`, request, cause);
