import { PARTS, PLAN_USD, RATES, type Part, type Rate, type RateName } from "./prices";
import type { Usage } from "./usage";

/** US dollars by part, not rounded. */
export type Bill = Readonly<Record<Part, number>>;

/** What an account pays, and what each of its stacks has of that. */
export interface AccountBill {
  readonly total: Bill;
  readonly shares: readonly Bill[];
}

/**
 * What the stacks of one account pay in a month. The plan and what it includes are the account's: the stacks pay the plan in equal
 * shares, and of what is used beyond the included each pays the share that it has of the use, so that the same use costs all of them the
 * same. Models are paid by who asks them.
 */
export function billOf(usages: readonly Usage[]): AccountBill {
  const total = { ...NOTHING, workers: PLAN_USD };
  const shares = usages.map(() => ({ ...NOTHING, workers: PLAN_USD / usages.length }));
  for (const name of Object.keys(RATES) as RateName[]) {
    const { part } = RATES[name];
    const used = usages.reduce((sum, usage) => sum + usage[name], 0);
    const usd = costOf(RATES[name], used);
    total[part] += usd;
    if (usd > 0) shares.forEach((share, index) => (share[part] += (usd * usages[index]![name]) / used));
  }
  shares.forEach((share, index) => (share.models = usages[index]!.modelUsd));
  total.models = usages.reduce((sum, { modelUsd }) => sum + modelUsd, 0);
  return { total, shares };
}

const NOTHING = Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>;

function costOf({ included, per, usd, whole }: Rate, used: number): number {
  const units = Math.max(0, used - included) / per;
  return (whole === true ? Math.ceil(units) : units) * usd;
}
