import type { Settings } from "../../../infra/config";
import { estimateCost } from "../../../infra/cost";
import { costDifference } from "../../../infra/cost/difference";
import type { Plan } from "../plan/change";
import { ReportSchema, type Facts, type Report } from "./report";
import type { Former } from "./settings";

const NOTES = {
  offline: "Offline: no account was asked. All is shown as new, whatever there is.",
  embedded: "In the embedded cloud, not in an account.",
  none: "This stack is new: there is nothing to compare its cost with.",
};

/** All that is known of a stack before it is deployed. @param former its settings before the change */
export function makeReport(
  stack: string,
  source: Report["source"],
  plan: Plan,
  settings: Settings | undefined,
  former: Former,
): Report {
  const before = "settings" in former ? former.settings : undefined;
  const notes = [
    ...(source === "pulumi" ? [] : [NOTES[source]]),
    ...("none" in former ? [NOTES.none] : []),
    ...("unreadable" in former ? [`The stack's file before the change cannot be read: ${former.unreadable}`] : []),
  ];
  const judged = settings && {
    facts: { ...(before && { before: factsOf(before) }), after: factsOf(settings) },
    cost: withoutGaps(costDifference(before && estimateCost(before), estimateCost(settings))),
  };
  return ReportSchema.parse({ stack, source, ...plan, notes, ...judged });
}

/** As JSON will have it: what is undefined is not there. */
const withoutGaps = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function factsOf({ environment, debug, identity, worker, protect, pool, budget }: Settings): Facts {
  return {
    environment,
    debug: debug.enabled,
    unsignedLinks: identity.unsignedLinks,
    subdomain: worker.subdomain,
    ...(worker.domain !== undefined && { domain: worker.domain }),
    protect,
    poolSize: pool.size,
    ...(budget !== undefined && { budgetUsd: budget.monthlyUsd }),
  };
}
