import { WandError } from "../../contract/errors";
import type { Prompt } from "../prompt/prompt";

/** Of an answer, in characters. A page of 40 KB is a large one; a model that goes on beyond this has lost its way. */
const LONGEST_ANSWER = 1_000_000;
/** Tokens of the largest models' context. A count above it is a gateway's mistake, which would use up a shop's budget. */
const MOST_TOKENS = 1_000_000;
/** Of one token, on average; a rule of thumb for prices, where an API did not count. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens in and out. */
export interface Tokens {
  prompt: number;
  completion: number;
}
export const NO_TOKENS: Tokens = { prompt: 0, completion: 0 };

/** An answer while it arrives; what is there of it stays, however the call ends. */
export class Answer {
  readonly #prompt: Prompt;
  readonly #heard: () => void;
  readonly #start = performance.now();
  readonly #counted: Partial<Tokens> = {};
  #text = "";
  /** Milliseconds from the request to the first token, be it of the answer or of a thought; null before. */
  ttftMs: number | null = null;
  /** Whether the model stopped at the limit of tokens and not at the end of what it had to say. */
  isCutAtLimit = false;
  /** Whether it went on beyond what an answer can be. */
  isTooLong = false;

  /** @param heard Is called with each token that says something: some models write white space without end. */
  constructor(prompt: Prompt, heard: () => void = () => undefined) {
    this.#prompt = prompt;
    this.#heard = heard;
  }

  get text(): string {
    return this.#text;
  }

  /**
   * A piece of the answer; what is no text, as gateways send it, is nothing.
   *
   * @throws {WandError} GENERATION_FAILED when the answer gets longer than any can be: the caller hangs up.
   */
  take(piece: unknown): void {
    if (typeof piece !== "string" || piece === "") return;
    this.#token(piece);
    if (this.#text.length + piece.length > LONGEST_ANSWER) {
      this.isTooLong = true;
      throw new WandError("GENERATION_FAILED", "The model's answer is longer than a page can be.");
    }
    this.#text += piece;
  }

  /** A piece of what the model thinks before it answers: a sign of life, and nothing else. */
  thinks(piece: unknown): void {
    if (typeof piece === "string" && piece !== "") this.#token(piece);
  }

  /** What the API says that it counted in all; what is no count is nothing. */
  count(kind: keyof Tokens, tokens: unknown): void {
    if (typeof tokens !== "number" || !Number.isInteger(tokens)) return;
    if (tokens >= 0 && tokens <= MOST_TOKENS) this.#counted[kind] = tokens;
  }

  /**
   * What the call took. Estimated where an answer came without its count, as one that is cut off always does: it is paid for
   * all the same. Nothing where no token came.
   */
  get tokens(): Tokens {
    const came = this.ttftMs !== null;
    const { system, user } = this.#prompt;
    return {
      prompt: this.#counted.prompt ?? (came ? estimate(system.length + user.length) : 0),
      completion: this.#counted.completion ?? estimate(this.#text.length),
    };
  }

  #token(piece: string): void {
    this.ttftMs ??= Math.round(performance.now() - this.#start);
    if (piece.trim() !== "") this.#heard();
  }
}

const estimate = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);
