import type { LlmProvider } from "../../contract/llm";
import type { Prompt } from "../prompt/prompt";
import type { Answer } from "./answer";

/** One model behind one API. */
export interface ModelProvider {
  readonly kind: LlmProvider["kind"];
  readonly model: string;
  /** Loads what the first call needs, so that it does not pay for it. */
  warm(): Promise<void>;
  /**
   * Asks once, for a stream, and puts in `answer` what comes; never repeats by itself. Hangs up when it returns or throws.
   *
   * @throws {WandError} RATE_LIMITED, MODEL_UNAVAILABLE, the signal's own reason (TIMEOUT) or GENERATION_FAILED (the API
   * refused the request for good, or answered what is no answer); messages hold no key and nothing of the prompt.
   * @throws {CallerGone} when that is the signal's reason.
   */
  complete(prompt: Prompt, answer: Answer, signal: AbortSignal): Promise<void>;
}
