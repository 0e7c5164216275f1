import { jobKey } from "../../contract/keys";
import { WandError, type FaultCode } from "../../contract/errors";
import { createLog } from "../log";
import { count, observe } from "../metrics/count";
import type { LeasedJob } from "./job";
import { retryDelay } from "./backoff";
import { GeneratorBusy } from "./generator";
import { jobRecord } from "./jobRecord";
import { ledgerRow, type LedgerRow } from "./ledger";
import { makePage, type PageContext } from "./makePage";
import { restAfter } from "./rest";
import { Teller } from "./tell";

const MOST_ATTEMPTS = 3;
/** A job whose runs are cut off again and again is taken to be what cuts them off. */
const MOST_INTERRUPTIONS = 5;
/** A platform without a free container is asked again after this. */
const BUSY_PAUSE_MS = 2_000;
/** A Durable Object lives as long as its work does. */
const inObject = (): void => undefined;

export type RunContext = Omit<PageContext, "teller" | "log">;

/** Makes a leased job's page, stores it and tells of it, or puts the job back, or fails it. Never throws. */
export async function runJob(job: LeasedJob, context: RunContext): Promise<void> {
  const { env, jobs } = context;
  const { store, request_id } = job.request;
  const log = createLog({ request_id, job_id: job.id, store });
  const teller = new Teller({ env, store, log, shopper: () => jobs.shopperOf(job) });
  if (job.attempt === 1 && job.lease === 1) {
    observe(env, inObject, "job_wait_seconds", {}, (Date.now() - job.createdAt) / 1000);
    report(job, "pending", null, context);
  }
  try {
    if (job.interruptions > MOST_INTERRUPTIONS) {
      throw new WandError("CONTAINER_ERROR", `The job was cut off ${job.interruptions} times.`);
    }
    const delivered = await deliver(job, { ...context, teller, log });
    if (!delivered && !context.signal.aborted) log.warn("lease_lost", { attempt: job.attempt });
  } catch (error) {
    if (!context.signal.aborted) giveUpOrRetry(job, error, { ...context, teller, log });
  }
  // Broken off because its subject was forgotten: nobody's failure.
  if (context.signal.aborted) log.info("job_forgotten", { attempt: job.attempt });
}

/** False when the job was not the runner's any more. */
async function deliver(job: LeasedJob, context: PageContext): Promise<boolean> {
  const { env, jobs, teller, log } = context;
  const { persona_hash, store, asked_at: askedAt } = job.request;
  const made = job.stored === null ? await makePage(job, context) : { result: job.stored, stored: true };
  if (made === undefined) return false;
  const { result, stored } = made;
  if (stored) {
    // From here on a run that is cut off is not made again, only told of: the shopper hears of each page once.
    jobs.noteStored(job, result);
    await teller.ready({ persona_hash, generated_at: result.generated_at, job_id: job.id }, askedAt);
  }
  const now = Date.now();
  if (!jobs.finish(job, { result, restUntil: restAfter(result.stand_in, stored, now) }, now)) return false;
  report(job, "completed", null, context);
  record(job, context);
  count(env, inObject, "jobs_total", { store, state: "done" });
  log.info("page_stored", { model: result.model, ms: result.ms, attempt: job.attempt, stored });
  return true;
}

function giveUpOrRetry(job: LeasedJob, error: unknown, context: PageContext): void {
  const { env, jobs, teller, log } = context;
  const { store } = job.request;
  const { code, message } = describe(error);
  const now = Date.now();
  const again = retryAt(job, error, now);
  log.error("job_failed", error, { code, attempt: job.attempt, again: again !== undefined });
  const text = `${code}: ${message}`;
  if (again !== undefined) {
    const counts = code !== "BUSY";
    if (!jobs.putBack(job, { runAt: again, code, error: text, counts }, now)) return;
    record(job, context);
    count(env, inObject, "jobs_total", { store, state: "queued" });
    return;
  }
  if (!jobs.fail(job, code, text, now)) return;
  report(job, "failed", text, context);
  record(job, context);
  count(env, inObject, "jobs_total", { store, state: "failed" });
  count(env, inObject, "jobs_dead_total", { store, code });
  teller.failed(code === "BUSY" ? "CONTAINER_UNAVAILABLE" : code, message);
}

function describe(error: unknown): { code: FaultCode | "BUSY"; message: string } {
  if (error instanceof GeneratorBusy) return { code: "BUSY", message: "No container was free in time." };
  if (error instanceof WandError) return { code: error.code, message: error.message };
  return { code: "INTERNAL", message: "Something went wrong on our side." };
}

/** When the job may run again, or undefined when another attempt cannot help or has no time left. */
function retryAt(job: LeasedJob, error: unknown, now: number): number | undefined {
  const busy = error instanceof GeneratorBusy;
  const retryable = busy || !(error instanceof WandError) || error.retryable;
  if (!retryable || (!busy && job.attempt >= MOST_ATTEMPTS) || job.interruptions > MOST_INTERRUPTIONS) return undefined;
  const at = now + (busy ? BUSY_PAUSE_MS : retryDelay(job.attempt, Math.random()));
  return at < job.deadlineAt ? at : undefined;
}

/** Puts the job's row for D1 in the outbox, in the transaction of what was just said of the job. */
function report(job: LeasedJob, status: LedgerRow["status"], error: string | null, { outbox }: RunContext): void {
  const { store, subject: owner } = job.request;
  const now = Date.now();
  const body = JSON.stringify(ledgerRow(job, status, error, now));
  outbox.put({ kind: "row", slot: `row:${job.id}`, store, owner, body }, now);
}

/** The same with the record that operators find in KV, under the name of the shopper who asked. */
function record(job: LeasedJob, { jobs, outbox }: RunContext): void {
  const { store } = job.request;
  const owner = jobs.shopperOf(job);
  const view = jobs.byId(job.id);
  if (owner === null || view === undefined) return;
  const now = Date.now();
  const body = JSON.stringify(jobRecord(job, view, now));
  outbox.put({ kind: "record", slot: jobKey(store, owner), store, owner, body }, now);
}
