import type { FaultCode } from "../../contract/errors";
import type { GenerateResponse } from "../../contract/generate";
import type { Env } from "../env";
import { count, gauge, observe } from "./count";

/** What a model's breaker held back; it was not asked. */
const BREAKER_OPEN = "BREAKER_OPEN";
/** What the generator's own check refused. */
const UNSAFE = "UNSAFE_PAGE" satisfies FaultCode;
/** A Durable Object lives as long as its work does. */
const inObject = (): void => undefined;

interface Where {
  readonly store: string;
  readonly member: string;
}

/** Measures a page that a generator delivered, by what it says of its work. `ms` is how long its answer took. */
export function measureGeneration(
  env: Env,
  { store, member }: Where,
  meta: GenerateResponse["meta"],
  ms: number,
): void {
  const { source, attempts = [], tokens_used: tokens, usd } = meta;
  count(env, inObject, "generations_total", { store, source });
  observe(env, inObject, "generation_seconds", { source }, ms / 1000);
  for (const { model, outcome } of attempts) {
    count(env, inObject, "model_calls_total", { model, outcome });
    if (outcome === UNSAFE) count(env, inObject, "sanitiser_refusals_total", { model });
    gauge(env, inObject, "model_breaker_open", { member, model }, outcome === BREAKER_OPEN ? 1 : 0);
  }
  // What the template made after all may have cost tokens before: those of the last model that was asked.
  const model = source === "model" ? meta.model : attempts.findLast(({ outcome }) => outcome !== BREAKER_OPEN)?.model;
  if (model === undefined) return;
  count(env, inObject, "model_tokens_total", { store, model, kind: "prompt" }, tokens.prompt);
  count(env, inObject, "model_tokens_total", { store, model, kind: "completion" }, tokens.completion);
  if (usd === null) count(env, inObject, "model_unpriced_total", { model });
  else if (usd !== undefined) count(env, inObject, "model_usd_total", { store, model }, usd);
}

/** Measures a generation that came to nothing after `ms`. */
export function measureFailure(env: Env, ms: number): void {
  observe(env, inObject, "generation_seconds", { source: "failed" }, ms / 1000);
}
