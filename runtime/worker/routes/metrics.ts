import type { AppContext } from "../http/context";
import { sendFigures } from "../metrics/count";
import { CONTENT_TYPE } from "../metrics/exposition";

/** `GET /metrics`: every figure of the stack for Prometheus, those that this isolate still holds included. */
export async function metrics(c: AppContext): Promise<Response> {
  await sendFigures(c.env);
  const text = await c.env.METRICS.get(c.env.METRICS.idFromName("metrics")).text();
  return c.body(text, 200, { "Content-Type": CONTENT_TYPE });
}
