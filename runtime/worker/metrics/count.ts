import type { Env } from "../env";
import { createLog } from "../log";
import type { Counts } from "./api";
import type { LabelsOf, MetricName } from "./names";

/** Counts are gathered in the isolate and sent together, so that a page costs no request to the one counter object. */
const SEND_EVERY_MS = 5_000;

let gathered: Counts = {};
let sentAt = 0;

/** Adds to a counter. What was not yet sent when an isolate ends is lost: these are figures, not accounts. */
export function count<Name extends MetricName>(
  env: Env,
  waitUntil: (work: Promise<unknown>) => void,
  name: Name,
  labels: LabelsOf<Name>,
  by = 1,
): void {
  const series = `${name}${JSON.stringify(labels)}`;
  gathered[series] = (gathered[series] ?? 0) + by;
  const now = Date.now();
  if (now - sentAt < SEND_EVERY_MS) return;
  const counts = gathered;
  gathered = {};
  sentAt = now;
  const sent = env.METRICS.get(env.METRICS.idFromName("metrics")).add(counts);
  waitUntil(sent.catch((error: unknown) => createLog({}).error("metrics_not_sent", error)));
}
