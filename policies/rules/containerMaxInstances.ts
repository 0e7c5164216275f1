import { resourceRule } from "../rule";
import { number } from "../thresholds";
import { TYPES } from "../types";
import { numberOf } from "../values";

export const containerMaxInstances = resourceRule({
  name: "container-max-instances",
  level: "mandatory",
  what: "An application runs at least one container at once, and no more than the plan has in mind.",
  why: "With none no page is made; a runaway pool is a runaway bill.",
  fix: "Set pool.size within these bounds.",
  setting: "pool.size",
  thresholds: { most: number(50, "containers of one application that may run at once", 1) },
  judge({ type, props }, say, { most }) {
    if (type !== TYPES.containerApplication) return;
    const found = numberOf(props["maxInstances"]);
    if (found === undefined || (Number.isInteger(found) && found >= 1 && found <= most)) return;
    say(`The container application may run ${found} instances; allowed are 1 to ${most}.`);
  },
});
