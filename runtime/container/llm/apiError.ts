import { WandError } from "../../contract/errors";
import { CallerGone } from "../deadline";

/** How an SDK of either wire format throws: with the HTTP status, or without one where no answer came or a stream broke. */
interface SdkError {
  status?: unknown;
  headers?: unknown;
  /** What an error in the middle of an Anthropic stream is called. */
  type?: unknown;
}

/** A model's API is busy or down, and may have said when to ask again. */
export class ModelBusy extends WandError {
  constructor(
    code: "RATE_LIMITED" | "MODEL_UNAVAILABLE",
    message: string,
    /** From the answer's `Retry-After`; undefined where it had none that can be read. */
    readonly retryAfterMs?: number,
  ) {
    super(code, message);
  }
}

/**
 * One of our errors for whatever an SDK threw. The SDK's error becomes no `cause` and gives no words: it holds the API's
 * answer, which may quote the request.
 *
 * @param signal What the call was to end by; its reason says why it did.
 */
export function toModelError(error: unknown, signal: AbortSignal): WandError | CallerGone {
  if (signal.reason instanceof CallerGone || signal.reason instanceof WandError) return signal.reason;
  if (error instanceof WandError) return error;
  if (signal.aborted) return new WandError("TIMEOUT", "The model did not answer in time.");
  const { status, headers, type } = (typeof error === "object" && error !== null ? error : {}) as SdkError;
  if (type === "rate_limit_error" && status === undefined) {
    return new ModelBusy("RATE_LIMITED", "The model's API broke off for its rate.");
  }
  if (typeof status !== "number") {
    return new ModelBusy("MODEL_UNAVAILABLE", "The model's API could not be reached, or broke off.");
  }
  const retryAfterMs = headers instanceof Headers ? retryAfter(headers.get("Retry-After"), Date.now()) : undefined;
  if (status === 429) return new ModelBusy("RATE_LIMITED", "The model's API refused for its rate (429).", retryAfterMs);
  if (status >= 500 || status === 408 || status === 409) {
    return new ModelBusy("MODEL_UNAVAILABLE", `The model's API is down (${status}).`, retryAfterMs);
  }
  return new WandError("GENERATION_FAILED", `The model's API refused the request (${status}).`);
}

/**
 * Milliseconds from `now` that a `Retry-After` asks for: seconds, or an HTTP date (RFC 9110, 10.2.3). A date that has passed
 * is 0; undefined for what is neither.
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? "";
  if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Za-z]{3,9},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
