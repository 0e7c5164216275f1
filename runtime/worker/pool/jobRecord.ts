import { jobKey } from "../../contract/keys";
import type { Env } from "../env";
import type { Crumb, JobState, JobView, LeasedJob, TriggerRequest } from "./job";

/**
 * What operators find of a shopper's last job in KV `GENERATION_QUEUE`, since its first attempt has ended: how that and each
 * later one did. A job that waits or runs for the first time has no record yet, its queue knows of it.
 */
export interface JobRecord {
  job_id: string;
  member: string;
  state: JobState;
  attempt: number;
  persona_hash: string;
  reason: TriggerRequest["reason"];
  updated_at: string;
  error: string | null;
  /** The newest ten runs, the last one last. `at` is when it ended (ms since 1970), `ms` how long it took. */
  breadcrumbs: Crumb[];
}

const KEPT_SECONDS = 3600;

export function jobRecord({ request }: LeasedJob, view: JobView, now: number): JobRecord {
  return {
    job_id: view.id,
    member: request.member,
    state: view.state,
    attempt: view.attempt,
    persona_hash: request.persona_hash,
    reason: request.reason,
    updated_at: new Date(now).toISOString(),
    error: view.error,
    breadcrumbs: view.crumbs,
  };
}

/** Writes a record, which is JSON. KV takes one write a second for each key. */
export async function writeJobRecord(env: Env, key: string, record: string): Promise<void> {
  await env.GENERATION_QUEUE.put(key, record, { expirationTtl: KEPT_SECONDS });
}

/** The record as it is stored; for operators only, so nothing reads its fields. */
export function readJobRecord(env: Env, store: string, shopper: string): Promise<unknown> {
  return env.GENERATION_QUEUE.get(jobKey(store, shopper), "json");
}
