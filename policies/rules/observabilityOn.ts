import { type Resource, resourceRule } from "../rule";
import { number } from "../thresholds";
import { TYPES } from "../types";
import { numberOf, objectOf } from "../values";
import { variablesOf } from "../worker";

const HAVE_LOGS: ReadonlySet<string> = new Set([TYPES.worker, TYPES.script]);

export const observabilityOn = resourceRule({
  name: "observability-on",
  level: "mandatory",
  what: "Workers write logs, and what was generated is kept long enough to look into an incident.",
  why: "Without logs nobody can say what went wrong; and what happened on a weekend is asked for in the week after it.",
  fix: "Leave observability of the Worker on with a sampling above 0, and set observability.logRetentionDays to the limit or more.",
  setting: "observability.logRetentionDays",
  thresholds: { leastDays: number(7, "days that rows of generations are kept at least", 1) },
  judge(resource, say, { leastDays }) {
    if (HAVE_LOGS.has(resource.type)) judgeLogs(resource, say);
    const days = variablesOf(resource).get("GENERATION_RETENTION_DAYS");
    if (typeof days !== "string" || (numberOf(days) ?? 0) >= leastDays) return;
    say(`What was generated is kept for ${days} days (GENERATION_RETENTION_DAYS); ${leastDays} are the least.`);
  },
});

function judgeLogs({ props }: Resource, say: (found: string) => void): void {
  if (typeof props["observability"] === "symbol") return;
  const { enabled, headSamplingRate, logs } = objectOf(props["observability"]);
  // What `logs` says of logs alone goes before what is said of logs and traces together.
  const { enabled: ofLogs, headSamplingRate: rate = headSamplingRate } = objectOf(logs);
  if (enabled === false || enabled === undefined) say("The Worker writes no logs: its observability is off.");
  else if (ofLogs === false) say("The Worker writes no logs: observability.logs is off.");
  else if (rate === 0) say("The Worker logs none of its requests: the sampling is 0.");
}
