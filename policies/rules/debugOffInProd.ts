import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { plainTextVariables } from "./values";

export const debugOffInProd: ResourceValidationPolicy = {
  name: "debug-off-in-prod",
  description: "The debug routes are closed in production.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.workerVersion) return;
    const variables = plainTextVariables(props);
    if (variables.get("ENVIRONMENT") !== "prod" || variables.get("DEBUG_ENABLED") === "false") return;
    reportViolation(
      "DEBUG_ENABLED is not false on a production Worker. The debug routes show the inside of the generator and make pages " +
        "at the shop's expense. Set debug.enabled to false.",
    );
  },
};
