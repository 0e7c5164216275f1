import { DurableObject } from "cloudflare:workers";
import { FAULTS, toErrorBody, WandError } from "../../contract/errors";
import { DEADLINE_HEADER } from "../../contract/generate";
import { kvKeyOf, type Variant } from "../cache/variant";
import type { Env } from "../env";
import { createLog } from "../log";
import { settingsOf } from "../settings";
import { TriggerRequestSchema, type GenerationQueueApi, type JobView, type TriggerRequest } from "./api";
import { JobStore } from "./jobs";
import { runJob } from "./runJob";

/** A lease outlives the job's deadline by what storing the page may take. */
const LEASE_GRACE_MS = 15_000;
/** Longest line of a member, in expected waiting time; beyond it a shopper is better served by another member. */
const LONGEST_WAIT_MS = 60_000;
/** An alarm may run for 15 minutes; this one leases nothing more after ten and leaves the rest to its successor. */
const LONGEST_ALARM_MS = 600_000;

/** One pool member's queue: jobs in SQLite, worked through by its alarm. Jobs outlive the object, runs do not. */
export class GenerationQueue extends DurableObject<Env> implements GenerationQueueApi {
  readonly #jobs: JobStore;
  readonly #runs = new Set<Promise<void>>();
  #alarmStartedAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#jobs = new JobStore(ctx.storage.sql);
    void ctx.blockConcurrencyWhile(async () => {
      this.#jobs.recover(Date.now());
      await this.#armForNext();
    });
  }

  /** `POST /trigger`: 202 `{job_id, member, position}`, or 429 with a measured Retry-After when the line is too long. */
  override async fetch(request: Request): Promise<Response> {
    try {
      if (request.method !== "POST" || new URL(request.url).pathname !== "/trigger") {
        throw new WandError("NOT_FOUND", "A queue answers POST /trigger only.");
      }
      const parsed = TriggerRequestSchema.safeParse(await request.json());
      if (!parsed.success) throw new WandError("BAD_REQUEST", "No trigger request.", { cause: parsed.error });
      return await this.#trigger(parsed.data);
    } catch (error) {
      const { status, body } = toErrorBody(error);
      createLog({}).error("trigger_failed", error);
      return Response.json(body, { status });
    }
  }

  async find(variant: string): Promise<JobView | undefined> {
    return this.#jobs.find(variant);
  }

  async forget(store: string, subject: string): Promise<void> {
    this.#jobs.forget(store, subject);
  }

  async containerHealth(member: string, deadlineMs: number): Promise<{ status: number; body: string } | undefined> {
    const signal = AbortSignal.timeout(deadlineMs);
    const headers = { [DEADLINE_HEADER]: String(deadlineMs) };
    try {
      const response = await this.#generator(member).fetch("http://generator/health", { headers, signal });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  override async alarm(): Promise<void> {
    const settings = settingsOf(this.env);
    this.#alarmStartedAt = Date.now();
    // Before anything else: whatever happens to this run, there is a next one.
    await this.ctx.storage.setAlarm(Date.now() + settings.JOB_DEADLINE_MS + LEASE_GRACE_MS);
    try {
      this.#startRuns();
      while (this.#runs.size > 0) {
        await this.#oneRunOrRetry();
        this.#startRuns();
      }
    } finally {
      this.#alarmStartedAt = undefined;
    }
    this.#jobs.forgetOld(Date.now());
    await this.#armForNext();
  }

  async #trigger(request: TriggerRequest): Promise<Response> {
    const now = Date.now();
    const variant = kvKeyOf(variantOfRequest(request));
    const current = this.#jobs.current(variant, now);
    if (current !== undefined) return this.#accepted(current.id, request.member);

    const settings = settingsOf(this.env);
    const depth = this.#jobs.depth();
    const wait = (depth * this.#jobs.meanRunMs()) / settings.GENERATION_CONCURRENCY;
    if (depth >= settings.MAX_QUEUE_DEPTH || wait > LONGEST_WAIT_MS) return refused(wait);

    const id = crypto.randomUUID();
    this.#jobs.add(id, variant, request, now);
    if (this.#alarmStartedAt === undefined) await this.ctx.storage.setAlarm(now);
    else this.#startRuns();
    return this.#accepted(id, request.member);
  }

  #accepted(jobId: string, member: string): Response {
    return Response.json({ job_id: jobId, member, position: this.#jobs.depth() }, { status: 202 });
  }

  /** Leases jobs up to the concurrency and runs them side by side; the alarm waits for their ends. */
  #startRuns(): void {
    const settings = settingsOf(this.env);
    const started = this.#alarmStartedAt;
    if (started === undefined || Date.now() - started > LONGEST_ALARM_MS) return;
    while (this.#runs.size < settings.GENERATION_CONCURRENCY) {
      const job = this.#jobs.lease(Date.now(), settings.JOB_DEADLINE_MS + LEASE_GRACE_MS, settings.JOB_DEADLINE_MS);
      if (job === undefined) return;
      const run = runJob(job, {
        env: this.env,
        settings,
        jobs: this.#jobs,
        generator: this.#generator(job.request.member),
      }).finally(() => this.#runs.delete(run));
      this.#runs.add(run);
    }
  }

  /** Resolves when a run ends or, with a place free, when a job's retry is due. A job put in line starts by itself. */
  async #oneRunOrRetry(): Promise<void> {
    const due = this.#jobs.nextLeaseAt();
    const full = this.#runs.size >= settingsOf(this.env).GENERATION_CONCURRENCY;
    if (full || due === undefined) return Promise.race(this.#runs);
    const ended = new AbortController();
    const retry = scheduler.wait(Math.max(0, due - Date.now()), { signal: ended.signal }).catch(() => undefined);
    await Promise.race([...this.#runs, retry]);
    ended.abort();
  }

  async #armForNext(): Promise<void> {
    const at = this.#jobs.nextLeaseAt();
    if (at === undefined) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(at, Date.now()));
  }

  #generator(member: string): DurableObjectStub {
    return this.env.GENERATOR.get(this.env.GENERATOR.idFromName(member));
  }
}

const variantOfRequest = (request: TriggerRequest): Variant => ({
  store: request.store,
  subject: request.subject,
  personaHash: request.persona_hash,
});

function refused(waitMs: number): Response {
  const { body } = toErrorBody(new WandError("QUEUE_FULL", "This member's line is full."));
  const retryAfter = String(Math.max(1, Math.ceil(waitMs / 1000)));
  return Response.json(body, { status: FAULTS.QUEUE_FULL.status, headers: { "Retry-After": retryAfter } });
}
