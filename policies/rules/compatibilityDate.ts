import { type ResourceRule, resourceRule } from "../rule";
import { number, words } from "../thresholds";
import { CODE } from "../types";
import { textOf } from "../values";
import { environmentOf } from "../worker";

const DAY_MS = 86_400_000;

/** @param now milliseconds since 1970 */
export const compatibilityDate = (now: () => number): ResourceRule =>
  resourceRule({
    name: "compatibility-date",
    level: "mandatory",
    what: "The Worker was written for a recent behaviour of the runtime.",
    why: "An old date keeps mistakes of the runtime that were mended since, and the longer it stays the more changes come at once.",
    fix: "Set worker.compatibilityDate to a newer date, after the tests have passed with it; it cannot lie in the future.",
    setting: "worker.compatibilityDate",
    thresholds: {
      mostDays: number(365, "days that the date may be old"),
      environments: words(["staging", "prod", "shop"], "environments in which the rule holds"),
    },
    judge(resource, say, { mostDays, environments }) {
      if (!CODE.has(resource.type) || !environments.includes(environmentOf(resource))) return;
      const { compatibilityDate: given } = resource.props;
      const date = textOf(given);
      // Without one Cloudflare takes the oldest behaviour that there is.
      if (given === undefined || given === null) return say("The Worker has no compatibility date.");
      if (date === undefined) return;
      const days = Math.floor((now() - Date.parse(date)) / DAY_MS);
      if (days >= 0 && days <= mostDays) return;
      if (days > mostDays) say(`The compatibility date ${date} is ${days} days old; allowed are ${mostDays}.`);
      else say(`The compatibility date "${date}" is no day that has been.`);
    },
  });
