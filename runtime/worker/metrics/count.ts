import { within } from "../deadline";
import type { Env } from "../env";
import { createLog } from "../log";
import { isRecent } from "../recent";
import type { LabelsOf, NameOf } from "./names";
import { keyOf, observation, type Counts, type Gauges } from "./series";

/** Figures are gathered in the isolate and sent together, so that a page costs no request to the one object of figures. */
const SEND_AFTER_MS = 5_000;
/** A sender that did not come by then was ended with its request or its object; the next figure starts another. */
const SENDER_LOST_MS = 3 * SEND_AFTER_MS;
const DEADLINE_MS = 10_000;

/** Of a request or a Durable Object: keeps it until the work is done. An object needs none. */
type WaitUntil = (work: Promise<unknown>) => void;

let counts: Counts = {};
let gauges: Gauges = {};
let senderSince: number | undefined;

/** Adds to a counter. What was not yet sent when an isolate ends is lost: these are figures, not accounts. */
export function count<Name extends NameOf<"counter">>(
  env: Env,
  waitUntil: WaitUntil,
  name: Name,
  labels: LabelsOf<Name>,
  by = 1,
): void {
  add(keyOf({ metric: name, labels }), by);
  sendSoon(env, waitUntil);
}

/** Adds an observation to a histogram, in the unit that its name ends in. */
export function observe<Name extends NameOf<"histogram">>(
  env: Env,
  waitUntil: WaitUntil,
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): void {
  if (!isFigure(value)) return;
  for (const [key, by] of observation(name, labels, value)) add(key, by);
  sendSoon(env, waitUntil);
}

/** Sets a gauge, which keeps its value until the next one. */
export function gauge<Name extends NameOf<"gauge">>(
  env: Env,
  waitUntil: WaitUntil,
  name: Name,
  labels: LabelsOf<Name>,
  value: number,
): void {
  if (!Number.isFinite(value)) return;
  const key = keyOf({ metric: name, labels });
  gauges[key] = { last: value, max: Math.max(value, gauges[key]?.max ?? value) };
  sendSoon(env, waitUntil);
}

/** Sends what this isolate has gathered, at once. Never throws. */
export async function sendFigures(env: Env): Promise<void> {
  const batch = [counts, gauges] as const;
  counts = {};
  gauges = {};
  if (batch.every((figures) => Object.keys(figures).length === 0)) return;
  try {
    const sent = env.METRICS.get(env.METRICS.idFromName("metrics")).add(...batch);
    const done = await within(
      DEADLINE_MS,
      sent.then(() => true),
      false,
    );
    if (!done) throw new Error("The object of figures did not answer in time.");
  } catch (error) {
    createLog({}).error("metrics_not_sent", error);
  }
}

const isFigure = (value: number): boolean => Number.isFinite(value) && value >= 0;

function add(key: string, by: number): void {
  if (isFigure(by)) counts[key] = (counts[key] ?? 0) + by;
}

/** One sender at a time: it waits behind the request that began it, so that figures go out when no other request comes. */
function sendSoon(env: Env, waitUntil: WaitUntil): void {
  const now = Date.now();
  if (senderSince !== undefined && isRecent(senderSince, SENDER_LOST_MS, now)) return;
  senderSince = now;
  waitUntil(
    scheduler.wait(SEND_AFTER_MS).then(() => {
      senderSince = undefined;
      return sendFigures(env);
    }),
  );
}
