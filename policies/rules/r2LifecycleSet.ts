import { stackRule } from "../rule";
import { number, words } from "../thresholds";
import { TYPES } from "../types";
import { numberOf, objectOf, type Props, textOf, listOf } from "../values";

const DAY_S = 86_400;

export const r2LifecycleSet = stackRule({
  name: "r2-lifecycle-set",
  level: "mandatory",
  what: "Every R2 bucket has a lifecycle rule that deletes old objects.",
  why: "Generated pages are personal and go stale: they must not pile up.",
  fix:
    "Add an R2BucketLifecycle for it with an enabled rule that has deleteObjectsTransition with an age, for all objects or " +
    "those under a prefix that is named in the threshold.",
  thresholds: {
    prefixes: words(
      ["generated/"],
      "prefixes of objects that it is enough to delete; a rule for another prefix does not count",
    ),
    mostDays: number(90, "days after which a rule deletes at the latest", 1),
  },
  judgeStack(resources, say, { prefixes, mostDays }) {
    const lifecycles = resources.filter(({ type, props }) => {
      if (type !== TYPES.bucketLifecycle) return false;
      if (typeof props["rules"] === "symbol") return true; // not known yet: judged when it is
      return listOf(props["rules"]).some((rule) => isDeletedBy(rule, prefixes, mostDays * DAY_S));
    });
    for (const bucket of resources.filter(({ type }) => type === TYPES.bucket)) {
      const name = textOf(bucket.props["name"]);
      const covered = lifecycles.some(({ props }) => {
        const of = textOf(props["bucketName"]);
        return of === undefined || of === name;
      });
      if (!covered) {
        say(`No rule deletes the objects of the R2 bucket "${name ?? bucket.name}" within ${mostDays} days.`, bucket);
      }
    }
  },
});

/** Whether a lifecycle rule deletes what a bucket of pages holds, by the age of each object. */
function isDeletedBy(
  { enabled, conditions, deleteObjectsTransition }: Props,
  prefixes: readonly string[],
  mostS: number,
) {
  const { type, maxAge } = objectOf(objectOf(deleteObjectsTransition)["condition"]);
  const prefix = textOf(objectOf(conditions)["prefix"]) ?? "";
  const isOfAll = prefix === "" || prefixes.includes(prefix);
  return (
    enabled === true &&
    isOfAll &&
    type === "Age" &&
    (typeof maxAge === "symbol" || (numberOf(maxAge) ?? Infinity) <= mostS)
  );
}
