import { isBrokenCircuitError } from "cockatiel";
import type { ProviderWithKey } from "../config";
import { CallerGone, RENDER_RESERVE_MS, type Deadline } from "../deadline";
import type { Prompt } from "../prompt/prompt";
import { NO_TOKENS } from "./answer";
import { anthropicProvider } from "./anthropic";
import { askOnce, type Attempt, type Circumstances, type Remains } from "./call";
import { GUARD_TIMES, ProviderGuard, type GuardTimes } from "./guard";
import { openAiProvider } from "./openai";
import type { ModelProvider } from "./provider";

export type { Attempt };

/** What came of asking: the first usable answer, if any, and what it took. */
export interface Asked<T> {
  answer: { value: T; model: string } | undefined;
  attempts: readonly Attempt[];
}

/** What is made of a model's text. */
export interface Reader<T> {
  /** Turns a text into what is wanted, or throws a `WandError`, whose message the model is told; that is its failure. */
  read(text: string): T;
  /** Makes the best of a text that could not be read; undefined where nothing of it is of use. Throws nothing. */
  salvage(text: string): T | undefined;
}

const PRIMARY_ATTEMPTS = 2;
/** Of unreadable answers, the longest ones: to look at all of them could take longer than there is. */
const SALVAGES = 2;

/** The models of a stack, asked in order until one gives an answer that can be used. */
export class Models {
  readonly #guarded: readonly { provider: ModelProvider; guard: ProviderGuard }[];
  readonly #stallMs: number;

  constructor(providers: readonly ModelProvider[], times: Partial<GuardTimes> = {}) {
    const all = { ...GUARD_TIMES, ...times };
    this.#guarded = providers.map((provider) => ({ provider, guard: new ProviderGuard(all) }));
    this.#stallMs = all.stallMs;
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
   * Never fails for a model's fault: no usable answer in time is an `undefined` answer. Where no model gave a whole answer, the
   * best part of one is used.
   *
   * @throws {CallerGone} when nobody waits for the answer any more.
   */
  async ask<T>(prompt: Prompt, reader: Reader<T>, deadline: Deadline): Promise<Asked<T>> {
    const here: Circumstances = { deadline, stallMs: this.#stallMs, attempts: [], remains: [] };
    const { attempts } = here;
    for (const [index, { provider, guard }] of this.#guarded.entries()) {
      if (!ProviderGuard.hasTime(deadline)) break;
      const hasNext = this.#guarded.slice(index + 1).some((other) => !other.guard.isOpen);
      const leave = { attempts: index === 0 ? PRIMARY_ATTEMPTS : 1, deadline, hasNext };
      try {
        const value = await guard.run(() => askOnce(provider, prompt, reader.read, hasNext, here), leave);
        return { answer: { value, model: provider.model }, attempts };
      } catch (error) {
        if (error instanceof CallerGone) throw error;
        if (isBrokenCircuitError(error)) attempts.push(refusedByBreaker(provider.model));
      }
    }
    return { answer: salvaged(here.remains, reader, deadline), attempts };
  }
}

const refusedByBreaker = (model: string): Attempt => ({
  model,
  outcome: "BREAKER_OPEN",
  ms: 0,
  ttft_ms: null,
  tokens: NO_TOKENS,
  usd: 0,
});

/** The longest text that something can be made of, while that leaves time for the template. */
function salvaged<T>(remains: readonly Remains[], reader: Reader<T>, deadline: Deadline): Asked<T>["answer"] {
  const longest = remains.toSorted((one, other) => other.text.length - one.text.length).slice(0, SALVAGES);
  for (const { text, model } of longest) {
    if (deadline.modelMs() < -RENDER_RESERVE_MS / 2) return undefined;
    const value = reader.salvage(text);
    if (value !== undefined) return { value, model };
  }
  return undefined;
}

/** The client for each configured provider. */
export function connectProviders(configured: readonly ProviderWithKey[]): ModelProvider[] {
  return configured.map((one) =>
    one.provider.kind === "claude" ? anthropicProvider(one) : openAiProvider(one, one.provider.kind),
  );
}
