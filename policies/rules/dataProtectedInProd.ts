import type { StackValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { plainTextVariables } from "./values";

/** What nothing brings back: KV and D1 have no undelete worth relying on, and Durable Objects go with their Worker. */
const HOLDS_DATA: ReadonlySet<string> = new Set([TYPES.kvNamespace, TYPES.database, TYPES.bucket, TYPES.worker]);

export const dataProtectedInProd: StackValidationPolicy = {
  name: "data-protected-in-prod",
  description: "In production KV, D1, R2 and the Worker with its Durable Objects are protected from deletion.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, reportViolation) => {
    const isProd = resources.some(
      ({ type, props }) => type === TYPES.workerVersion && plainTextVariables(props).get("ENVIRONMENT") === "prod",
    );
    if (!isProd) return;
    for (const { type, name, urn, opts } of resources) {
      if (!HOLDS_DATA.has(type) || opts.protect) continue;
      reportViolation(
        `${name} is not protected. A renamed resource or a mistaken destroy would delete a shop's data for good. Leave ` +
          "`protect` in the stack's config at true.",
        urn,
      );
    }
  },
};
