import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { plainTextVariables } from "./values";

export const unsignedLinksOffInProd: ResourceValidationPolicy = {
  name: "unsigned-links-off-in-prod",
  description: "In production a link may name a shopper only with a signature.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.workerVersion) return;
    const variables = plainTextVariables(props);
    if (variables.get("ENVIRONMENT") !== "prod" || variables.get("UNSIGNED_LINKS") === "false") return;
    reportViolation(
      "UNSIGNED_LINKS is not false on a production Worker. With it anyone who guesses a shopper's id sees that shopper's " +
        "page and writes to their profile. Set identity.unsignedLinks to false.",
    );
  },
};
