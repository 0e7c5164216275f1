import type { ImagePin } from "../engine";
import type { Operation, Trouble } from "./records";

/**
 * How a shop ended. `done before`: by the run that was resumed. `not verified`: deployed, but the run was stopped before it was
 * asked whether it works. `not started`: the run ended before its turn.
 */
export const SHOP_STATES = ["done", "done before", "not verified", "failed", "not started"] as const;
export type ShopState = (typeof SHOP_STATES)[number];

export interface ShopReport {
  readonly stack: string;
  /** Counted from 1. */
  readonly wave: number;
  readonly state: ShopState;
  /** How long its operation took, milliseconds. */
  readonly ms?: number | undefined;
  /** Resources by what was done to them. */
  readonly summary?: Readonly<Record<string, number>> | undefined;
  /** What its generator calls itself. */
  readonly build?: string | undefined;
  readonly address?: string | undefined;
  readonly error?: Trouble | undefined;
}

export interface FleetReport {
  readonly operation: Operation;
  readonly image?: ImagePin | undefined;
  readonly shops: readonly ShopReport[];
  readonly waves: number;
  /** Milliseconds. */
  readonly ms: number;
  /** Why not every shop had its turn. */
  readonly stopped?: { readonly by: "failures" | "signal"; readonly why: string } | undefined;
}

/** How many shops ended in each state. */
export function countStates({ shops }: Pick<FleetReport, "shops">): Record<ShopState, number> {
  const counts = Object.fromEntries(SHOP_STATES.map((state) => [state, 0])) as Record<ShopState, number>;
  for (const { state } of shops) counts[state] += 1;
  return counts;
}

/** Whether nothing is left to do. */
export const isComplete = ({ shops }: Pick<FleetReport, "shops">): boolean =>
  shops.every(({ state }) => state === "done" || state === "done before");
