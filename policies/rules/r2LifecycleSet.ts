import type { StackValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { knownList, knownText } from "./values";

export const r2LifecycleSet: StackValidationPolicy = {
  name: "r2-lifecycle-set",
  description: "Every R2 bucket has a lifecycle rule that deletes old objects.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, reportViolation) => {
    const lifecycles = resources.filter(({ type, props }) => {
      const expires = knownList(props["rules"]).some(
        (rule) => rule["enabled"] === true && rule["deleteObjectsTransition"],
      );
      return type === TYPES.bucketLifecycle && expires;
    });
    for (const bucket of resources.filter(({ type }) => type === TYPES.bucket)) {
      const name = knownText(bucket.props["name"]);
      const covered = lifecycles.some(({ props }) => {
        const of = knownText(props["bucketName"]);
        return of === undefined || of === name; // not known yet: judged when it is
      });
      if (covered) continue;
      reportViolation(
        `The R2 bucket "${name ?? bucket.name}" keeps every object for ever. Generated pages are personal and go stale: they ` +
          "must not pile up. Add an R2BucketLifecycle for it with an enabled rule that has deleteObjectsTransition.",
        bucket.urn,
      );
    }
  },
};
