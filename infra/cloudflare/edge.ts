import { type IncomingMessage, request as askHttp } from "node:http";
import { request as askHttps } from "node:https";
import { CloudflareError } from "./errors";

/** An answer of a Worker, whatever its status. */
export interface EdgeAnswer {
  readonly status: number;
  /** The first 64 KB of it. */
  readonly body: string;
}

/**
 * GET of a Worker's URL at the edge, at the URL's own host, or, where the API is not Cloudflare's own, at the edge that
 * this API names in the header `cf-edge-url` of its answers (with the URL's host as `Host`). A redirect is an answer like
 * any other: the bearer goes to the URL that was asked for.
 * @throws CloudflareError `NO_ANSWER` when the deadline passes or the connection breaks.
 */
export type AskEdge = (
  url: string,
  options: { readonly bearer?: string; readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
) => Promise<EdgeAnswer>;

/** More of a body is not read: what is asked for is a line of JSON. */
const MOST_BYTES = 64 * 1024;

/** @param edgeUrl address of the edge where the URL's own host is not it; undefined for Cloudflare's own. */
export function askEdge(edgeUrl: () => string | undefined): AskEdge {
  return async (url, { bearer, deadlineMs, signal }) => {
    const asked = new URL(url);
    const at = new URL(edgeUrl() ?? asked.origin);
    const ends = AbortSignal.timeout(Math.max(1, deadlineMs));
    try {
      return await get(at, {
        path: asked.pathname + asked.search,
        headers: { host: asked.host, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
        signal: signal === undefined ? ends : AbortSignal.any([ends, signal]),
      });
    } catch (cause) {
      if (signal?.aborted === true) throw signal.reason;
      throw new CloudflareError(
        {
          status: 0,
          code: "NO_ANSWER",
          message: `no answer from ${at.origin} within ${deadlineMs} ms`,
          path: `GET ${asked.origin}${asked.pathname}`,
        },
        { cause },
      );
    }
  };
}

interface Asked {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
}

/** fetch sends no `Host` of one's own, so this is a request of Node's. */
function get({ protocol, hostname, port }: URL, asked: Asked): Promise<EdgeAnswer> {
  const ask = protocol === "https:" ? askHttps : askHttp;
  return new Promise((resolve, reject) => {
    const request = ask({ hostname: hostname.replace(/^\[|\]$/g, ""), port, agent: false, ...asked }, (response) => {
      readStart(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.on("error", reject);
    request.end();
  });
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES).toString("utf8");
}
