import type { LlmProvider } from "../../contract/llm";
import type { Prompt } from "../prompt/prompt";

/** What a model wrote, and what it counted. */
export interface Completion {
  text: string;
  tokens: { prompt: number; completion: number };
}

/** One model behind one API. */
export interface ModelProvider {
  readonly kind: LlmProvider["kind"];
  readonly model: string;
  /** Loads what the first call needs, so that it does not pay for it. */
  warm(): Promise<void>;
  /**
   * Asks once; never repeats by itself.
   *
   * @throws {WandError} RATE_LIMITED, MODEL_UNAVAILABLE, TIMEOUT (the signal aborted) or GENERATION_FAILED (the API
   * refused the request for good); messages hold no key and nothing of the prompt.
   */
  complete(prompt: Prompt, signal: AbortSignal): Promise<Completion>;
}
