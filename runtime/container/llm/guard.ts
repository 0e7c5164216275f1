import { setTimeout as pause } from "node:timers/promises";
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from "cockatiel";
import { CallerGone, type Deadline } from "../deadline";
import { ModelBusy } from "./apiError";
import { MIN_MODEL_MS, NEXT_MODEL_MS } from "./silence";

const FAILURES_TO_OPEN = 5;
const SUCCESSES_TO_CLOSE = 3;
/** The longest pause that an API may ask for while another model could answer: a page is to be there within this. */
const LONGEST_PAUSE_MS = 10_000;

/** Times of a guard, in ms. */
export interface GuardTimes {
  /** Between two attempts, where the API names no pause of its own. */
  retryDelayMs: number;
  /** From the opening of the breaker to the first call that tries again. */
  halfOpenAfterMs: number;
  /** The longest that a model may be silent: before its first token, and between one and the next. */
  stallMs: number;
}
export const GUARD_TIMES: GuardTimes = { retryDelayMs: 1_000, halfOpenAfterMs: 30_000, stallMs: 25_000 };

/** How often a provider is asked, and until when. */
export interface Leave {
  /** How often to ask at most. */
  attempts: number;
  deadline: Deadline;
  /** Whether another model could be asked instead. */
  hasNext: boolean;
}

/**
 * Keeps one provider's breaker, and runs calls under it. The breaker opens after five failures in a row; 30 s later it lets
 * one trial through at a time and refuses the others; three trials that succeed close it, and one that fails opens it again.
 * Its clock is `Date.now`, the library's.
 */
export class ProviderGuard {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #retryDelayMs: number;
  #inFlight = 0;

  constructor({ retryDelayMs, halfOpenAfterMs }: Omit<GuardTimes, "stallMs"> = GUARD_TIMES) {
    this.#retryDelayMs = retryDelayMs;
    // A caller who hangs up says nothing of the model. A trial of a half-open breaker would count as a success for that, so
    // that three impatient callers could close it: there it counts as a failure.
    const isFailure = (error: unknown): boolean =>
      !(error instanceof CallerGone) || this.#breaker.state === CircuitState.HalfOpen;
    this.#breaker = circuitBreaker(handleWhen(isFailure), {
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
      halfOpenAfter: halfOpenAfterMs,
      halfOpenSampling: { calls: SUCCESSES_TO_CLOSE, threshold: 0 },
    });
  }

  /** Whether the provider has failed too often of late to be asked. */
  get isOpen(): boolean {
    return this.#breaker.state === CircuitState.Open;
  }

  /** Whether there is time enough to ask a model at all. */
  static hasTime(deadline: Deadline): boolean {
    return deadline.modelMs() >= MIN_MODEL_MS;
  }

  /**
   * Asks again only after a refusal for rate or an outage, and when the deadline leaves room for the pause before it: the one
   * that the API asked for, or else {@link GuardTimes.retryDelayMs}. Where another model could answer meanwhile, it is not
   * made to wait for a long pause, nor for one that would leave it too little.
   *
   * @throws {BrokenCircuitError} unasked, while the breaker is open.
   * @throws {WandError | CallerGone} of the last attempt.
   */
  async run<T>(work: () => Promise<T>, { attempts, deadline, hasNext }: Leave): Promise<T> {
    for (let made = 1; ; made++) {
      try {
        return await this.#admit(work);
      } catch (error) {
        const pauseMs = made < attempts ? this.#pauseAfter(error, deadline, hasNext) : undefined;
        if (pauseMs === undefined) throw error;
        await pause(pauseMs, undefined, { signal: deadline.callerGone }).catch(() => {
          throw deadline.callerGone.reason;
        });
      }
    }
  }

  /** Milliseconds until the next attempt; undefined where there is to be none. */
  #pauseAfter(error: unknown, deadline: Deadline, hasNext: boolean): number | undefined {
    if (!(error instanceof ModelBusy) || this.isOpen) return undefined;
    const asked = error.retryAfterMs;
    const pauseMs = asked ?? this.#retryDelayMs;
    const neededMs = MIN_MODEL_MS + (hasNext && asked !== undefined ? NEXT_MODEL_MS : 0);
    const isTooLong = hasNext && pauseMs > LONGEST_PAUSE_MS;
    return isTooLong || deadline.modelMs() < pauseMs + neededMs ? undefined : pauseMs;
  }

  /**
   * Runs a call under the breaker. A half-open breaker gets one trial at a time and refuses the others: left to itself it
   * would make them wait for the trials' outcome, heedless of their deadlines.
   */
  async #admit<T>(call: () => Promise<T>): Promise<T> {
    if (this.#breaker.state === CircuitState.HalfOpen && this.#inFlight > 0) throw new BrokenCircuitError();
    this.#inFlight += 1;
    try {
      return await this.#breaker.execute(call);
    } finally {
      this.#inFlight -= 1;
    }
  }
}
