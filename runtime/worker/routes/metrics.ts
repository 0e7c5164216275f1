import { WandError } from "../../contract/errors";
import type { AppContext } from "../http/context";
import { sendFigures } from "../metrics/count";
import { CONTENT_TYPE } from "../metrics/exposition";
import { KEPT_HOURS } from "../metrics/figures";

/** `GET /metrics`: every figure of the stack for Prometheus, those that this isolate still holds included. */
export async function metrics(c: AppContext): Promise<Response> {
  await sendFigures(c.env);
  const text = await c.env.METRICS.get(c.env.METRICS.idFromName("metrics")).text();
  return c.body(text, 200, { "Content-Type": CONTENT_TYPE });
}

/** `GET /metrics/window?hours=168`: what counters came to in so many hours, and since when there were any; JSON. */
export async function metricsWindow(c: AppContext): Promise<Response> {
  const text = c.req.query("hours") ?? String(KEPT_HOURS);
  const hours = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (hours < 1 || hours > KEPT_HOURS) {
    const message = `hours is a whole number from 1 to ${KEPT_HOURS}; found "${text.slice(0, 20)}".`;
    throw new WandError("BAD_REQUEST", message, { field: "hours" });
  }
  await sendFigures(c.env);
  return c.json(await c.env.METRICS.get(c.env.METRICS.idFromName("metrics")).window(hours, Date.now()));
}
