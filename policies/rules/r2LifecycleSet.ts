import { stackRule } from "../rule";
import { TYPES } from "../types";
import { isObject, listOf, textOf } from "../values";

export const r2LifecycleSet = stackRule({
  name: "r2-lifecycle-set",
  level: "mandatory",
  what: "Every R2 bucket has a lifecycle rule that deletes old objects.",
  why: "Generated pages are personal and go stale: they must not pile up.",
  fix: "Add an R2BucketLifecycle for it with an enabled rule that has deleteObjectsTransition.",
  thresholds: {},
  judgeStack(resources, say) {
    const lifecycles = resources.filter(({ type, props }) => {
      if (type !== TYPES.bucketLifecycle) return false;
      if (typeof props["rules"] === "symbol") return true; // not known yet: judged when it is
      return listOf(props["rules"]).some(
        (rule) => rule["enabled"] === true && isObject(rule["deleteObjectsTransition"]),
      );
    });
    for (const bucket of resources.filter(({ type }) => type === TYPES.bucket)) {
      const name = textOf(bucket.props["name"]);
      const covered = lifecycles.some(({ props }) => {
        const of = textOf(props["bucketName"]);
        return of === undefined || of === name;
      });
      if (!covered) say(`The R2 bucket "${name ?? bucket.name}" keeps every object for ever.`, bucket);
    }
  },
});
