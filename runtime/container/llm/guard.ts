import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  handleWhen,
  retry,
  type CircuitBreakerPolicy,
} from "cockatiel";
import { WandError } from "../../contract/errors";
import { CallerGone, type Deadline } from "../deadline";

/** All of one provider's attempts together, so that a primary that hangs leaves the next one some of the deadline. */
const PROVIDER_BUDGET_MS = 25_000;
/** No model answers in less; to ask with less left would spend tokens and blame the model for our haste. */
const MIN_MODEL_MS = 1_500;
const FAILURES_TO_OPEN = 5;
const SUCCESSES_TO_CLOSE = 3;

/** Pauses of a guard, in ms. */
export interface GuardTimes {
  /** Between two attempts. */
  retryDelayMs: number;
  /** From the opening of the breaker to the first call that tries again. */
  halfOpenAfterMs: number;
}
export const GUARD_TIMES: GuardTimes = { retryDelayMs: 1_000, halfOpenAfterMs: 30_000 };

/** Keeps one provider's breaker, and runs calls under it, a deadline and a number of attempts. */
export class ProviderGuard {
  readonly #breaker: CircuitBreakerPolicy;

  readonly #retryDelayMs: number;
  #inFlight = 0;

  constructor(times: GuardTimes = GUARD_TIMES) {
    this.#retryDelayMs = times.retryDelayMs;
    this.#breaker = circuitBreaker(
      handleWhen((error) => !(error instanceof CallerGone)),
      {
        breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
        halfOpenAfter: times.halfOpenAfterMs,
        halfOpenSampling: { calls: SUCCESSES_TO_CLOSE, threshold: 0 },
      },
    );
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
   * @param attempts How often to ask at most; again only after a refusal for rate or an outage, after a pause, and when the
   * deadline leaves room for it.
   * @throws {BrokenCircuitError} unasked, while the breaker is open.
   * @throws {WandError | CallerGone} of the last attempt.
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, attempts: number, deadline: Deadline): Promise<T> {
    const budgetMs = Math.max(1, Math.ceil(Math.min(PROVIDER_BUDGET_MS, deadline.modelMs())));
    const signal = AbortSignal.any([deadline.callerGone, AbortSignal.timeout(budgetMs)]);
    const again = handleWhen(
      (error) => isTransient(error) && !signal.aborted && deadline.modelMs() >= this.#retryDelayMs + MIN_MODEL_MS,
    );
    const policy = retry(again, { maxAttempts: attempts - 1, backoff: new ConstantBackoff(this.#retryDelayMs) });
    return policy.execute(() => this.#admit(() => work(signal)));
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

const isTransient = (error: unknown): boolean =>
  error instanceof WandError && (error.code === "RATE_LIMITED" || error.code === "MODEL_UNAVAILABLE");
