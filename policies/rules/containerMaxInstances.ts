import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";

/** The largest pool that the plan has in mind; a runaway pool is a runaway bill. */
const MOST = 50;

export const containerMaxInstances: ResourceValidationPolicy = {
  name: "container-max-instances",
  description: `At most ${MOST} containers of an application run at once, and at least one.`,
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.containerApplication) return;
    const most: unknown = props["maxInstances"];
    if (typeof most !== "number" || (Number.isInteger(most) && most >= 1 && most <= MOST)) return;
    reportViolation(
      `The container application may run ${most} instances. With none no page is made; more than ${MOST} is beyond what ` +
        `the plan is budgeted for. Set pool.size between 1 and ${MOST}.`,
    );
  },
};
