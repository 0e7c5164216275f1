import { resourceRule } from "../rule";
import { number } from "../thresholds";
import { variablesOf } from "../worker";

const UNIT_MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60 };

export const containerSleepAfter = resourceRule({
  name: "container-sleep-after",
  level: "mandatory",
  what: "A container that idles falls asleep soon.",
  why: "A container is paid for every second that it is awake, whether it makes pages or not.",
  fix: "Set pool.sleepAfter to a number and s, m or h within the limit, such as 5m.",
  setting: "pool.sleepAfter",
  thresholds: { mostMinutes: number(10, "minutes that an idle container may stay awake") },
  judge(resource, say, { mostMinutes }) {
    const sleepAfter = variablesOf(resource).get("CONTAINER_SLEEP_AFTER");
    if (typeof sleepAfter !== "string") return;
    const [, amount = "", unit = ""] = /^(\d+)([smh])$/.exec(sleepAfter) ?? [];
    const minutes = amount === "" ? undefined : Number(amount) * UNIT_MINUTES[unit]!;
    if (minutes !== undefined && minutes > 0 && minutes <= mostMinutes) return;
    say(
      `An idle container stays awake for "${sleepAfter}" (CONTAINER_SLEEP_AFTER); allowed are up to ${mostMinutes} minutes.`,
    );
  },
});
