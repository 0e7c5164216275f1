import type { CostEstimate, Part } from "./index";

/** What one part of the bill was and will be, US dollars a month. */
export interface PartDifference {
  readonly part: Part;
  /** Undefined where there was no stack before. */
  readonly before: number | undefined;
  readonly after: number;
}

/** Two estimates side by side; both hold for the traffic and the prices that `assuming` names. */
export interface CostDifference {
  readonly before: number | undefined;
  readonly after: number;
  readonly parts: readonly PartDifference[];
  readonly assuming: CostEstimate["assuming"];
}

/** What changes of the bill. @param before undefined for a new stack */
export function costDifference(before: CostEstimate | undefined, after: CostEstimate): CostDifference {
  const parts = (Object.keys(after.parts) as Part[]).map((part) => ({
    part,
    before: before?.parts[part],
    after: after.parts[part],
  }));
  return { before: before?.monthlyUsd, after: after.monthlyUsd, parts, assuming: after.assuming };
}

/** How much more it is, as a share of what it was: 0.2 is 20 %. Undefined where there was nothing before. */
export function growthOf({ before, after }: Pick<CostDifference, "before" | "after">): number | undefined {
  return before === undefined || before === 0 ? undefined : after / before - 1;
}
