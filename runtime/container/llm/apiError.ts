import { WandError } from "../../contract/errors";
import { CallerGone } from "../deadline";

/** How an SDK of either wire format throws: with the HTTP status, or without one where no answer came. */
interface SdkError {
  status?: unknown;
}

/**
 * One of our errors for whatever an SDK threw. The SDK's error becomes no `cause` and gives no words: it holds the API's
 * answer, which may quote the request.
 *
 * @param signal What the call was to end by; its reason says why it did.
 */
export function toModelError(error: unknown, signal: AbortSignal): WandError | CallerGone {
  if (signal.reason instanceof CallerGone) return signal.reason;
  if (error instanceof WandError) return error;
  if (signal.aborted) return new WandError("TIMEOUT", "The model did not answer in time.");
  const status = typeof error === "object" && error !== null ? (error as SdkError).status : undefined;
  if (typeof status !== "number") return new WandError("MODEL_UNAVAILABLE", "The model's API could not be reached.");
  if (status === 429) return new WandError("RATE_LIMITED", "The model's API refused for its rate (429).");
  if (status >= 500 || status === 408 || status === 409) {
    return new WandError("MODEL_UNAVAILABLE", `The model's API is down (${status}).`);
  }
  return new WandError("GENERATION_FAILED", `The model's API refused the request (${status}).`);
}
