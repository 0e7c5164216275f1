/** What stacks cost in a month of 30 days: from their settings and their traffic, at the list prices of `prices`. */
import { columnsInCents } from "./allot";
import { billOf, type Bill } from "./bill";
import { PARTS, PRICES_AS_OF, type Part } from "./prices";
import { ASSUMED_TRAFFIC, type Traffic } from "./traffic";
import { DAYS, type CostSettings, usageOf } from "./usage";

export { PARTS, type Part } from "./prices";
export { ASSUMED_TRAFFIC, type Traffic } from "./traffic";
export type { CostSettings } from "./usage";

/** US dollars in whole cents. The parts add up to the total. */
export interface Cost {
  readonly monthlyUsd: number;
  readonly parts: Readonly<Record<Part, number>>;
}

/** What one stack costs. */
export interface CostEstimate extends Cost {
  /** The traffic it holds for, and the day its prices are of. */
  readonly assuming: Traffic & { readonly pricesAsOf: string };
}

/** A stack and what it serves. */
export interface Member {
  readonly name: string;
  readonly settings: CostSettings;
  readonly traffic: Traffic;
  /** What models were seen to cost in a day, US dollars, where that is known; else it is worked out from the pages. */
  readonly modelUsdPerDay?: number | undefined;
}

/** What several stacks cost, alone and in all. */
export interface FleetEstimate extends Cost {
  /** How many accounts they are in: each has a plan of its own. */
  readonly accounts: number;
  readonly stacks: readonly (CostEstimate & { readonly name: string })[];
}

/** What a stack costs that is alone in its account. @param traffic without it that of a small shop */
export function estimateCost(settings: CostSettings, traffic: Traffic = ASSUMED_TRAFFIC): CostEstimate {
  const [{ name: _name, ...estimate }] = estimateFleet([{ name: "", settings, traffic }]).stacks as [
    FleetEstimate["stacks"][number],
  ];
  return estimate;
}

/**
 * What stacks cost together. Those of one account share its plan and what that includes (`bill`). Cents are given out so that the stacks
 * add up to what the accounts pay, part by part.
 */
export function estimateFleet(members: readonly Member[]): FleetEstimate {
  const ids = [...new Set(members.map(({ settings }) => settings.accountId))];
  const accounts = ids.map((id) => members.filter(({ settings }) => settings.accountId === id));
  const cents = new Map(accounts.flatMap((group) => centsOf(group)));
  const stacks = members.map((member) => {
    const { viewsPerDay, pagesPerDay } = member.traffic;
    const assuming = { viewsPerDay, pagesPerDay, pricesAsOf: PRICES_AS_OF };
    return { name: member.name, ...costOf([cents.get(member)!]), assuming };
  });
  return { ...costOf([...cents.values()]), accounts: accounts.length, stacks };
}

/** What the stacks of one account pay, in cents. */
function centsOf(group: readonly Member[]): (readonly [Member, Bill])[] {
  const { total, shares } = billOf(group.map(measuredUsage));
  const columns = columnsInCents(
    PARTS.map((part) => ({ shares: shares.map((share) => share[part]), total: total[part] })),
  );
  return group.map((member, row) => [
    member,
    Object.fromEntries(PARTS.map((part, column) => [part, columns[column]![row]!])) as Bill,
  ]);
}

function measuredUsage({ settings, traffic, modelUsdPerDay }: Member): ReturnType<typeof usageOf> {
  if (modelUsdPerDay === undefined) return usageOf(settings, traffic);
  // Pages that were counted are those that were made, whoever shares them.
  const personalisation = { ...settings.personalisation, scope: "shopper" as const };
  return { ...usageOf({ ...settings, personalisation }, traffic), modelUsd: modelUsdPerDay * DAYS };
}

/** Bills in cents, added up in dollars. */
function costOf(bills: readonly Bill[]): Cost {
  const cents = PARTS.map((part) => bills.reduce((sum, bill) => sum + bill[part], 0));
  return {
    monthlyUsd: cents.reduce((sum, one) => sum + one, 0) / 100,
    parts: Object.fromEntries(PARTS.map((part, index) => [part, cents[index]! / 100])) as Cost["parts"],
  };
}
