/**
 * What Workers do, told as it happens: a tail Worker beside those of a group is given a trace of each of their calls by workerd
 * itself (developers.cloudflare.com/workers/observability/logs/tail-workers), and passes it on while somebody listens.
 *
 * It is always there, because Workers would have to be started anew for it, which ends their WebSockets; switched off, it costs a
 * call within the process that returns at once.
 */
import { Response, type Miniflare, type Request, type WorkerOptions } from "miniflare";
import { ownerOf, previewedBy } from "./beside";
import type { TraceEvent, TraceItem, WorkerSpec } from "./types";

/** No Worker of a user can have this name. */
const TAIL_WORKER = "$tail";
const SWITCH = { on: "http://tail/on", off: "http://tail/off" };

const CODE = `
import { env, WorkerEntrypoint } from "cloudflare:workers";
let listening = env.LISTENING;
export default class extends WorkerEntrypoint {
  fetch(request) {
    listening = request.url === "${SWITCH.on}";
    return new Response();
  }
  async tail(items) {
    if (listening) await env.SINK.fetch("http://sink/", { method: "POST", body: JSON.stringify({ ...this.ctx.props, items }) });
  }
}`;

export interface Tracing {
  listening: boolean;
  onTrace: (event: TraceEvent) => void;
}

/** The tail Worker of a group. */
export const tailWorker = ({ listening, onTrace }: Tracing): WorkerOptions => ({
  name: TAIL_WORKER,
  compatibilityDate: "2026-01-01", // props, and `env` to import
  modules: true,
  script: CODE,
  bindings: { LISTENING: listening },
  serviceBindings: {
    SINK: async (request: Request) => {
      const { items, ...from } = (await request.json()) as Omit<TraceEvent, "item"> & { items: TraceItem[] };
      for (const item of items) onTrace({ ...from, item });
      return new Response();
    },
  },
});

/** What makes a Worker tell the tail Worker of its calls. Those of a previewed version are told to nobody, as on Cloudflare. */
export const tailsOf = ({ name, versionId }: WorkerSpec): Required<Pick<WorkerOptions, "tails">> => ({
  tails: previewedBy(name) ? [] : [{ name: TAIL_WORKER, props: { worker: ownerOf(name) ?? name, versionId } }],
});

/** Switches a running group's tail Worker. */
export async function switchTracing(miniflare: Miniflare, on: boolean): Promise<void> {
  const worker = await miniflare.getWorker(TAIL_WORKER);
  await worker.fetch(on ? SWITCH.on : SWITCH.off);
}
