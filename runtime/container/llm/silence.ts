import { WandError } from "../../contract/errors";
import type { Deadline } from "../deadline";

/** No model answers in less; to ask with less left would spend tokens and blame the model for our haste. */
export const MIN_MODEL_MS = 1_500;
/** What a model that is silent leaves to the next one, where there is one: a layout's time, with some to spare. */
export const NEXT_MODEL_MS = 8_000;

/**
 * How long a model may be silent, from the request to the first token and from each token to the next.
 *
 * A call has no limit of its own: a model that goes on writing may do so for as long as the caller waits. Silence is what
 * ends it, after `stallMs`, or sooner where the deadline is near and another model could still be asked: that one is left
 * {@link NEXT_MODEL_MS}, or half of what there is when that is less. Where even half would be too little for a model
 * ({@link MIN_MODEL_MS}), nothing is kept back. Never longer than the deadline itself.
 *
 * @param leftMs Milliseconds that models still have.
 * @param hasNext Whether there is another model to ask.
 */
export function silenceMs(leftMs: number, stallMs: number, hasNext: boolean): number {
  const keptBack = hasNext && leftMs >= 2 * MIN_MODEL_MS ? Math.min(NEXT_MODEL_MS, leftMs / 2) : 0;
  return Math.max(0, Math.min(stallMs, leftMs - keptBack));
}

/** Listens to a model, and aborts when it is silent for too long or the caller hangs up. */
export interface SilenceWatch {
  readonly signal: AbortSignal;
  /** A token came. */
  heard(): void;
  /** The call is over. */
  end(): void;
}

/** Starts to listen; the request is taken to be sent now. */
export function watchSilence(deadline: Deadline, stallMs: number, hasNext: boolean): SilenceWatch {
  const silent = new AbortController();
  let until = 0;
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    until = performance.now() + silenceMs(deadline.modelMs(), stallMs, hasNext);
  };
  // One timer that looks again when it went off too early, instead of a new one for each token.
  const look = (): void => {
    const left = until - performance.now();
    if (left <= 0) silent.abort(new WandError("TIMEOUT", "The model did not answer in time."));
    else timer = setTimeout(look, Math.ceil(left));
  };
  heard();
  look();
  return {
    signal: AbortSignal.any([deadline.callerGone, silent.signal]),
    heard,
    end: () => clearTimeout(timer),
  };
}
