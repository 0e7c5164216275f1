/** An answer of a Worker, whatever its status. */
export interface EdgeAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * GET of a Worker's URL at the edge, at the URL's own host, or, where the API is not Cloudflare's own, at the edge that
 * this API names in the header `cf-edge-url` of its answers (with the URL's host as `Host`).
 * @throws CloudflareError `NO_ANSWER` when the deadline passes or the connection breaks.
 */
export type AskEdge = (
  url: string,
  options: { readonly bearer?: string; readonly deadlineMs: number },
) => Promise<EdgeAnswer>;
