import { z } from "zod";
import { CloudflareError, type OwnCode } from "./errors";

export const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";
/** Longest wait for an ordinary answer, milliseconds. */
const DEADLINE_MS = 30_000;

export interface ApiOptions {
  /** Address up to and with `/client/v4`; the embedded cloud is only another one. */
  readonly baseUrl: string;
  readonly apiToken: string;
  readonly fetch?: typeof fetch;
}

/**
 * One request. `path` starts with a slash; `body` is sent as JSON; the result is what the envelope holds, unchecked.
 * @throws CloudflareError for every refusal, a missed deadline and an answer that is not an envelope.
 */
export type CloudflareApi = <Result>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  options?: { deadlineMs?: number },
) => Promise<Result>;

const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.union([z.number(), z.string()]).optional(), message: z.string() })).nullish(),
  result: z.unknown(),
});

/** The one door to Cloudflare's REST API. */
export function cloudflareApi({ baseUrl, apiToken, fetch: send = fetch }: ApiOptions): CloudflareApi {
  return async <Result>(
    method: string,
    path: string,
    body?: unknown,
    { deadlineMs = DEADLINE_MS }: { deadlineMs?: number } = {},
  ): Promise<Result> => {
    const fail = (status: number, code: OwnCode, message: string, cause?: unknown): CloudflareError =>
      new CloudflareError({ status, code, message, path: `${method} ${path}` }, { cause });
    if (apiToken === "") throw fail(0, "NO_TOKEN", "there is no API token; set CLOUDFLARE_API_TOKEN");

    let status: number;
    let text: string;
    try {
      const response = await send(`${baseUrl.replace(/\/$/, "")}${path}`, {
        method,
        headers: { Authorization: `Bearer ${apiToken}`, "Content-Type": "application/json" },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(deadlineMs),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      throw fail(0, "NO_ANSWER", `no answer from ${baseUrl} within ${deadlineMs} ms`, cause);
    }

    const envelope = Envelope.safeParse(parseJson(text));
    if (!envelope.success)
      throw fail(status, "NOT_AN_ENVELOPE", "the answer is not Cloudflare's JSON; is the address right?");
    if (status >= 400 || !envelope.data.success) {
      throw new CloudflareError({ status, path: `${method} ${path}`, ...firstError(envelope.data.errors?.[0]) });
    }
    return envelope.data.result as Result;
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The containers API hides its own error as JSON inside the message: `{"error":"CODE","details":{…}}`. */
function firstError(error?: { code?: number | string | undefined; message: string }): {
  code: number | string;
  message: string;
} {
  if (!error) return { code: "NOT_AN_ENVELOPE", message: "Cloudflare refused without saying why" };
  const inner = z.object({ error: z.string() }).safeParse(parseJson(error.message));
  return { code: inner.success ? inner.data.error : (error.code ?? 0), message: error.message };
}
