/** Settings of a Worker that do not belong to a version, with Cloudflare's defaults. */
import { z } from "zod";
import type { WorkerSettings } from "../../state/model";

const share = z.number().min(0).max(1);
const Traces = z
  .object({
    enabled: z.boolean(),
    head_sampling_rate: share,
    persist: z.boolean(),
    destinations: z.array(z.string()),
    propagation_policy: z.enum(["authenticated", "accept"]),
  })
  .partial();
const Logs = Traces.omit({ propagation_policy: true }).extend({ invocation_logs: z.boolean().optional() });
/** What was given of it: the API of scripts answers no more than that, where the API of Workers fills in what is missing. */
const Observability = z
  .object({ enabled: z.boolean(), head_sampling_rate: share, logs: Logs, traces: Traces })
  .partial();
type Observability = z.output<typeof Observability>;

const EACH = { enabled: false, head_sampling_rate: 1, persist: true, destinations: [] };

/** With Cloudflare's defaults. */
export function wholeObservability({ logs, traces, ...given }: Observability) {
  return {
    enabled: false,
    head_sampling_rate: 1,
    ...given,
    logs: { ...EACH, invocation_logs: true, ...logs },
    traces: { ...EACH, propagation_policy: "authenticated", ...traces },
  };
}

const Subdomain = z
  .object({ enabled: z.boolean().default(false), previews_enabled: z.boolean().optional() })
  .transform(({ enabled, previews_enabled }) => ({ enabled, previews_enabled: previews_enabled ?? enabled }));

export const WorkerInput = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/, "at most 63 lower-case letters, digits, hyphens and underscores"),
  logpush: z.boolean().default(false),
  observability: Observability.default({}),
  subdomain: Subdomain.prefault({}),
  tags: z.array(z.string().max(1024)).default([]),
  tail_consumers: z.array(z.object({ name: z.string() })).default([]),
});

/** The same settings where a Worker is named as a script: tail consumers are services there. */
export const ScriptSettings = z.object({
  logpush: z.boolean().nullish(),
  observability: Observability.nullish(),
  tags: z.array(z.string().max(1024)).nullish(),
  tail_consumers: z.array(z.object({ service: z.string() })).nullish(),
});

/** The settings with those that are given. */
export function withScriptSettings(former: WorkerSettings, input: z.output<typeof ScriptSettings>): WorkerSettings {
  const { logpush, observability, tags, tail_consumers } = input;
  return {
    ...former,
    logpush: logpush ?? former.logpush,
    observability: observability ?? former.observability,
    tags: tags ?? former.tags,
    tail_consumers: tail_consumers?.map(({ service }) => ({ name: service })) ?? former.tail_consumers,
  };
}

export const shownScriptSettings = ({ logpush, observability, tags, tail_consumers }: WorkerSettings) => ({
  logpush,
  ...(Object.keys(observability).length > 0 ? { observability } : {}),
  tags,
  tail_consumers: tail_consumers.map(({ name }) => ({ service: name })),
});
