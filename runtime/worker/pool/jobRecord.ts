import { jobKey } from "../../contract/keys";
import type { Env } from "../env";
import type { JobState, TriggerRequest } from "./api";

/**
 * What operators find of a shopper's last job in KV `GENERATION_QUEUE`: how its last attempt ended. A job that waits or runs
 * for the first time has none yet; its queue knows of it, and KV takes one write a second for each key.
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
}

const KEPT_SECONDS = 3600;

export async function writeJobRecord(env: Env, request: TriggerRequest, record: JobRecord): Promise<void> {
  await env.GENERATION_QUEUE.put(jobKey(request.store, request.shopper), JSON.stringify(record), {
    expirationTtl: KEPT_SECONDS,
  });
}

/** The record as it is stored; for operators only, so nothing reads its fields. */
export function readJobRecord(env: Env, store: string, shopper: string): Promise<unknown> {
  return env.GENERATION_QUEUE.get(jobKey(store, shopper), "json");
}
