/** What a tail shall be told of: every one of its filters must let a call pass. */
import { z } from "zod";
import type { TraceItem } from "../host";

/** One call of a Worker, in the words of the protocol `trace-v1`. */
export type TailMessage = TraceItem & {
  scriptName: string;
  scriptVersion: { id: string; tag?: string; message?: string };
};

/** What the API takes; a client's own address is `self`. */
export const TailFilter = z.union([
  z.object({ sampling_rate: z.number().min(0).max(1) }),
  z.object({ outcome: z.array(z.string()) }),
  z.object({ method: z.array(z.string()) }),
  z.object({ header: z.object({ key: z.string(), query: z.string().optional() }) }),
  z.object({ client_ip: z.array(z.string()) }),
  z.object({ query: z.string() }),
  z.object({ scriptVersion: z.string() }),
]);
export type TailFilter = z.infer<typeof TailFilter>;

/** @param random from 0 to 1 */
export function passes(message: TailMessage, filter: TailFilter, random: () => number): boolean {
  const request = message.event?.request;
  if ("sampling_rate" in filter) return random() < filter.sampling_rate;
  if ("outcome" in filter) return filter.outcome.includes(message.outcome);
  if ("query" in filter) return JSON.stringify(message.logs.map((log) => log.message)).includes(filter.query);
  if ("scriptVersion" in filter) return message.scriptVersion.id === filter.scriptVersion;
  if ("method" in filter) return filter.method.some((method) => method.toUpperCase() === request?.method);
  if ("client_ip" in filter) return filter.client_ip.includes(request?.headers["cf-connecting-ip"] ?? "");
  const value = request?.headers[filter.header.key.toLowerCase()];
  return value !== undefined && value.includes(filter.header.query ?? "");
}
