import { WandError } from "../../contract/errors";
import { kvKeyOf } from "../cache/variant";
import type { Env } from "../env";
import { createLog, type Log } from "../log";
import { count } from "../metrics/count";
import type { Settings } from "../settings";
import { shopperOf } from "../shopper/stub";
import { loadStore } from "../stores/record";
import type { JobState } from "./api";
import { retryDelay } from "./backoff";
import { callGenerator, GeneratorBusy } from "./generator";
import { generateRequest } from "./generateRequest";
import { writeJobRecord } from "./jobRecord";
import type { JobStore, LeasedJob } from "./jobs";
import { Ledger } from "./ledger";
import { cachedUi, persist } from "./persist";

const MOST_ATTEMPTS = 3;
/** A platform without a free container is asked again after this. */
const BUSY_PAUSE_MS = 2_000;

export interface RunContext {
  env: Env;
  settings: Settings;
  jobs: JobStore;
  generator: Pick<Fetcher, "fetch">;
}

/** Makes a leased job's page and stores it, or puts the job back, or fails it. Never throws. */
export async function runJob(job: LeasedJob, context: RunContext): Promise<void> {
  const { env, jobs } = context;
  const { request } = job;
  const log = createLog({ request_id: request.request_id, job_id: job.id, store: request.store });
  const row = await begin(job, env, log);
  const end = async (state: JobState, error: string | null): Promise<void> => {
    await Promise.all([
      record(job, state, error, env).catch((cause: unknown) => log.error("job_record_not_written", cause)),
      close(row, state, error, env).catch((cause: unknown) => log.error("ledger_failed", cause)),
    ]);
    count(env, () => undefined, "jobs_total", { store: request.store, state });
  };
  try {
    const delivered = await makePage(job, context, log);
    jobs.finish(job, Date.now());
    if (delivered) await end("done", null);
    else log.warn("lease_lost", { attempt: job.attempt });
  } catch (error) {
    const message = error instanceof WandError ? `${error.code}: ${error.message}` : "INTERNAL";
    const again = retryAt(job, error, Date.now());
    log.error("job_failed", error, { attempt: job.attempt, again: again !== undefined });
    if (again === undefined) jobs.fail(job, message, Date.now());
    else jobs.putBack(job, again, message, !(error instanceof GeneratorBusy));
    await end(again === undefined ? "failed" : "queued", message);
  }
}

/** False when the lease ran out meanwhile: then the page is another runner's to deliver. */
async function makePage(job: LeasedJob, { env, settings, jobs, generator }: RunContext, log: Log): Promise<boolean> {
  const { request } = job;
  const store = await loadStore(env, request.store);
  const deadlineMs = job.deadlineAt - Date.now();
  if (deadlineMs <= 0) throw new WandError("TIMEOUT", "The job's time was over before the generator was asked.");
  const response = await callGenerator(generator, generateRequest(request, store), {
    deadlineMs,
    requestId: request.request_id,
  });
  if (!jobs.holds(job)) return false;
  const page = cachedUi(response, store, request.persona.type);
  const variant = { store: request.store, subject: request.subject, personaHash: request.persona_hash };
  await persist(page, { env, settings, store, variant, log });
  await shopperOf(env, request).pageStored(
    { store: request.store, shopper: request.shopper },
    { persona_hash: request.persona_hash, generated_at: page.meta.generated_at, job_id: job.id },
  );
  log.info("page_stored", { model: page.meta.model, ms: page.meta.generation_time_ms, attempt: job.attempt });
  return true;
}

/** When the job may run again, or undefined when another attempt cannot help or has no time left. */
function retryAt(job: LeasedJob, error: unknown, now: number): number | undefined {
  const busy = error instanceof GeneratorBusy;
  const retryable = busy || !(error instanceof WandError) || error.retryable;
  if (!retryable || (!busy && job.attempt >= MOST_ATTEMPTS)) return undefined;
  const at = now + (busy ? BUSY_PAUSE_MS : retryDelay(job.attempt, Math.random()));
  return at < job.deadlineAt ? at : undefined;
}

async function begin(job: LeasedJob, env: Env, log: Log): Promise<number | undefined> {
  const { store, subject, persona_hash: personaHash } = job.request;
  try {
    return await new Ledger(env.DB).begin(job.request, kvKeyOf({ store, subject, personaHash }));
  } catch (error) {
    log.error("ledger_failed", error);
    return undefined;
  }
}

async function close(row: number | undefined, state: JobState, error: string | null, env: Env): Promise<void> {
  if (row === undefined) return;
  const ledger = new Ledger(env.DB);
  await (state === "done" ? ledger.completed(row) : ledger.failed(row, error ?? ""));
}

function record(job: LeasedJob, state: JobState, error: string | null, env: Env): Promise<void> {
  const { request } = job;
  return writeJobRecord(env, request, {
    job_id: job.id,
    member: request.member,
    state,
    attempt: job.attempt,
    persona_hash: request.persona_hash,
    reason: request.reason,
    updated_at: new Date().toISOString(),
    error,
  });
}
