/** What went wrong between us and Cloudflare, where it did not say so itself. */
export type OwnCode =
  | "NO_TOKEN" // nothing to authenticate with
  | "NOT_REACHED" // no connection came about, so nothing was carried out
  | "NO_ANSWER" // the deadline passed or the connection broke: the request may still have been carried out
  | "NOT_AN_ENVELOPE"; // an answer that is not Cloudflare's JSON, such as a proxy's error page

/** A request to Cloudflare's API that did not succeed. Its message never holds a token or a request's body. */
export class CloudflareError extends Error {
  override readonly name = "CloudflareError";
  readonly status: number;
  readonly code: number | string;
  readonly path: string;
  /** How long Cloudflare asks to wait before the next try, milliseconds; undefined where it does not say. */
  readonly retryAfterMs: number | undefined;

  /**
   * @param details `status` is the HTTP status, 0 without an answer; `code` is Cloudflare's number, the word of the
   *   containers API (`SURPASSED_BASE_LIMITS`), or one of ours; `path` is method and path of the request.
   */
  constructor(
    details: {
      status: number;
      code: number | string;
      message: string;
      path: string;
      retryAfterMs?: number | undefined;
    },
    options?: { cause?: unknown },
  ) {
    super(`${details.path}: ${details.message} (${details.status || "no answer"}, code ${details.code})`, options);
    this.status = details.status;
    this.code = details.code;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Whether the request may have been carried out although it failed here: read back before trying again. */
  get outcomeUnknown(): boolean {
    return this.code === "NO_ANSWER" || (this.status >= 500 && this.status !== 501);
  }

  /** Whether it is certain that nothing was carried out, and another try may do better. */
  get isUntried(): boolean {
    return this.status === 429 || this.code === "NOT_REACHED";
  }
}

/** Whether Cloudflare answered that there is no such thing. */
export const isNotFound = (error: unknown): boolean => error instanceof CloudflareError && error.status === 404;

/** What a request answers, or undefined where Cloudflare has no such thing. */
export async function orNothing<Result>(request: Promise<Result>): Promise<Result | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
