import type { Measured, Rule } from "./rules";

/** How an alert stands. Minutes are those since 1970. */
export interface AlertState {
  readonly state: "ok" | "pending" | "firing";
  /** The minute since when it has held. */
  readonly since: number | null;
  /** While it fires: the minute since when it has been over. */
  readonly overSince: number | null;
  /** What was found last; null when there were too few samples. */
  readonly value: number | null;
  readonly samples: number;
}

export const QUIET: AlertState = { state: "ok", since: null, overSince: null, value: null, samples: 0 };

/** Why an alert ended: the value came back, there was nothing to judge any more, or the stack no longer asks for it. */
export type EndReason = "recovered" | "too_few_samples" | "switched_off";

export interface Step {
  readonly next: AlertState;
  /** What somebody should be told now. */
  readonly event?: { readonly status: "firing" } | { readonly status: "resolved"; readonly reason: EndReason };
}

/** What becomes of an alert after another minute. Pure; a gap between minutes counts as if it had gone on as it was. */
export function step(
  rule: Pick<Rule, "side" | "end" | "holds" | "least">,
  threshold: number | undefined,
  before: AlertState,
  { value, samples }: Measured,
  minute: number,
): Step {
  if (threshold === undefined) {
    return before.state === "firing"
      ? { next: QUIET, event: { status: "resolved", reason: "switched_off" } }
      : { next: QUIET };
  }
  const enough = samples >= rule.least && !Number.isNaN(value);
  const found = { value: enough ? value : null, samples };
  const beyond = (limit: number): boolean => (rule.side === "above" ? value > limit : value < limit);

  if (before.state !== "firing") {
    if (!enough || !beyond(threshold)) return { next: { ...QUIET, ...found } };
    const since = before.since ?? minute;
    const held = minute - since + 1 >= rule.holds;
    const next: AlertState = { state: held ? "firing" : "pending", since, overSince: null, ...found };
    return held ? { next, event: { status: "firing" } } : { next };
  }

  if (enough && beyond(rule.end(threshold))) return { next: { ...before, overSince: null, ...found } };
  const overSince = before.overSince ?? minute;
  if (minute - overSince + 1 < rule.holds) return { next: { ...before, overSince, ...found } };
  return {
    next: { ...QUIET, ...found },
    event: { status: "resolved", reason: enough ? "recovered" : "too_few_samples" },
  };
}
