import { isBrokenCircuitError } from "cockatiel";
import { WandError, type FaultCode } from "../../contract/errors";
import type { ProviderWithKey } from "../config";
import { CallerGone, type Deadline } from "../deadline";
import type { Prompt } from "../prompt/prompt";
import { anthropicProvider } from "./anthropic";
import { ProviderGuard, type GuardTimes } from "./guard";
import { openAiProvider } from "./openai";
import { priceOf } from "./prices";
import type { Completion, ModelProvider } from "./provider";

/** One call to a model, or one that its breaker kept from being made; goes into the log. */
export interface Attempt {
  model: string;
  outcome: "ok" | "BREAKER_OPEN" | FaultCode;
  ms: number;
  tokens: Completion["tokens"];
  /** Null for a model without a known price. */
  usd: number | null;
}

/** What came of asking: the first usable answer, if any, and what it took. */
export interface Asked<T> {
  answer: { value: T; model: string } | undefined;
  attempts: readonly Attempt[];
}

const PRIMARY_ATTEMPTS = 2;

/** The models of a stack, asked in order until one gives an answer that can be used. */
export class Models {
  readonly #guarded: readonly { provider: ModelProvider; guard: ProviderGuard }[];

  constructor(providers: readonly ModelProvider[], times?: GuardTimes) {
    this.#guarded = providers.map((provider) => ({ provider, guard: new ProviderGuard(times) }));
  }

  /** What `/health` says: `ok` is "configured, and not refused by every breaker", not a promise of the next answer. */
  state(): "ok" | "not_configured" | "open" {
    if (this.#guarded.length === 0) return "not_configured";
    return this.#guarded.every(({ guard }) => guard.isOpen) ? "open" : "ok";
  }

  /** Loads the SDKs of the configured providers. */
  async warm(): Promise<void> {
    await Promise.all(this.#guarded.map(({ provider }) => provider.warm()));
  }

  /**
   * Never fails for a model's fault: no usable answer in time is an `undefined` answer.
   *
   * @param read Turns a model's text into what is wanted, or throws a {@link WandError}; that counts as the model's failure.
   * @param repair Makes of an answer that could not be read a prompt for one more try with the same model.
   * @throws {CallerGone} when nobody waits for the answer any more.
   */
  async ask<T>(prompt: Prompt, read: (text: string) => T, deadline: Deadline, repair?: Repair): Promise<Asked<T>> {
    const attempts: Attempt[] = [];
    for (const [index, { provider, guard }] of this.#guarded.entries()) {
      if (!ProviderGuard.hasTime(deadline)) break;
      const call = (signal: AbortSignal): Promise<T> =>
        repaired((asked, reading) => recorded(provider, asked, reading, signal, attempts), prompt, read, repair);
      try {
        const value = await guard.run(call, index === 0 ? PRIMARY_ATTEMPTS : 1, deadline);
        return { answer: { value, model: provider.model }, attempts };
      } catch (error) {
        if (error instanceof CallerGone) throw error;
        if (isBrokenCircuitError(error)) {
          attempts.push({ model: provider.model, outcome: "BREAKER_OPEN", ms: 0, tokens: NO_TOKENS, usd: 0 });
        }
      }
    }
    return { answer: undefined, attempts };
  }
}

/** The prompt that asks a model to put right its own answer. */
export type Repair = (fault: WandError, text: string) => Prompt;

/** Calls once, and once more where the first answer came but could not be read. */
async function repaired<T>(
  call: (prompt: Prompt, read: (text: string) => T) => Promise<T>,
  prompt: Prompt,
  read: (text: string) => T,
  repair: Repair | undefined,
): Promise<T> {
  let unread: { fault: WandError; text: string } | undefined;
  const noting = (text: string): T => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof WandError) unread = { fault: error, text };
      throw error;
    }
  };
  try {
    return await call(prompt, noting);
  } catch (error) {
    if (repair === undefined || unread === undefined) throw error;
    return call(repair(unread.fault, unread.text), read);
  }
}

export const NO_TOKENS: Completion["tokens"] = { prompt: 0, completion: 0 };

/** Asks once and reads the answer; leaves a record of it, whatever came. */
async function recorded<T>(
  provider: ModelProvider,
  prompt: Prompt,
  read: (text: string) => T,
  signal: AbortSignal,
  attempts: Attempt[],
): Promise<T> {
  const start = performance.now();
  let tokens = NO_TOKENS;
  let outcome: Attempt["outcome"] = "ok";
  try {
    const completion = await provider.complete(prompt, signal);
    tokens = completion.tokens;
    return read(completion.text);
  } catch (error) {
    outcome = error instanceof WandError ? error.code : "INTERNAL";
    throw error;
  } finally {
    const ms = Math.round(performance.now() - start);
    attempts.push({ model: provider.model, outcome, ms, tokens, usd: priceOf(provider.model, tokens) });
  }
}

/** The client for each configured provider. */
export function connectProviders(configured: readonly ProviderWithKey[]): ModelProvider[] {
  return configured.map((one) =>
    one.provider.kind === "claude" ? anthropicProvider(one) : openAiProvider(one, one.provider.kind),
  );
}
