import { WandError, type FaultCode } from "../../contract/errors";
import type { Deadline } from "../deadline";
import type { Prompt } from "../prompt/prompt";
import { repairPrompt } from "../prompt/repair";
import { Answer, type Tokens } from "./answer";
import { ProviderGuard } from "./guard";
import { priceOf } from "./prices";
import type { ModelProvider } from "./provider";
import { watchSilence } from "./silence";

/** One call to a model, or one that its breaker kept from being made; goes into the log. */
export interface Attempt {
  model: string;
  outcome: "ok" | "BREAKER_OPEN" | FaultCode;
  ms: number;
  /** Milliseconds to the first token; null where none came. */
  ttft_ms: number | null;
  tokens: Tokens;
  /** Null for a model without a known price. */
  usd: number | null;
}

/** What a model wrote that could not be read; parts of it may be whole. */
export interface Remains {
  text: string;
  model: string;
}

/** What all calls for one page have in common. */
export interface Circumstances {
  deadline: Deadline;
  /** Longest silence of a model, in ms. */
  stallMs: number;
  /** Every call leaves its record here. */
  attempts: Attempt[];
  /** And its text, where it had one and came to nothing. */
  remains: Remains[];
}

/** An answer came that cannot be used. */
class Unreadable extends Error {
  constructor(
    readonly fault: WandError,
    readonly text: string,
  ) {
    super("unreadable");
  }
}

/**
 * Asks a model, and once more with what was wrong when its answer cannot be read and there is time. A repair that fails is
 * the end of it, whatever it failed of: the first answer's fault is thrown.
 *
 * @param read Turns a text into what is wanted, or throws a {@link WandError}.
 * @throws {WandError | CallerGone}
 */
export async function askOnce<T>(
  provider: ModelProvider,
  prompt: Prompt,
  read: (text: string) => T,
  hasNext: boolean,
  circumstances: Circumstances,
): Promise<T> {
  const call = (asked: Prompt): Promise<T> => recorded(provider, asked, read, hasNext, circumstances);
  try {
    return await call(prompt);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { fault, text } = error;
    if (!ProviderGuard.hasTime(circumstances.deadline)) throw fault;
    return call(repairPrompt(prompt, fault, text)).catch((again: unknown) => {
      throw again instanceof WandError || again instanceof Unreadable ? fault : again;
    });
  }
}

/**
 * Asks once and reads the answer; leaves a record of it, whatever came. An answer that is whole is used though its stream
 * broke off after it.
 */
async function recorded<T>(
  provider: ModelProvider,
  prompt: Prompt,
  read: (text: string) => T,
  hasNext: boolean,
  { deadline, stallMs, attempts, remains }: Circumstances,
): Promise<T> {
  const { model } = provider;
  const start = performance.now();
  const watch = watchSilence(deadline, stallMs, hasNext);
  const answer = new Answer(prompt, watch.heard);
  let outcome: Attempt["outcome"] = "ok";
  try {
    const broken = await faultOf(provider.complete(prompt, answer, watch.signal));
    if (broken !== undefined && (answer.text === "" || answer.isTooLong)) throw broken;
    return readOr(broken, answer, read);
  } catch (error) {
    const fault = error instanceof Unreadable ? error.fault : error;
    outcome = fault instanceof WandError ? fault.code : "INTERNAL";
    if (answer.text !== "" && !answer.isTooLong) remains.push({ text: answer.text, model });
    throw error;
  } finally {
    watch.end();
    const ms = Math.round(performance.now() - start);
    const { tokens, ttftMs } = answer;
    attempts.push({ model, outcome, ms, ttft_ms: ttftMs, tokens, usd: priceOf(model, tokens) });
  }
}

/** @throws {WandError} what broke the stream, if something did, else {@link Unreadable} where there is a text to put right. */
function readOr<T>(broken: WandError | undefined, answer: Answer, read: (text: string) => T): T {
  try {
    return read(answer.text);
  } catch (error) {
    if (broken !== undefined) throw broken;
    if (!(error instanceof WandError) || answer.text === "") throw error;
    throw new Unreadable(answer.isCutAtLimit ? CUT_AT_LIMIT : error, answer.text);
  }
}

const CUT_AT_LIMIT = new WandError(
  "GENERATION_FAILED",
  "The model's answer was cut off at the limit of tokens; it has to be shorter.",
);

/** @throws whatever is no {@link WandError}, such as that the caller is gone. */
async function faultOf(work: Promise<void>): Promise<WandError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof WandError) return error;
    throw error;
  }
}
