import { DurableObject } from "cloudflare:workers";
import { FAULTS, toErrorBody, WandError } from "../../contract/errors";
import { DEADLINE_HEADER } from "../../contract/generate";
import { kvKeyOf, type Variant } from "../cache/variant";
import { within } from "../deadline";
import type { Env } from "../env";
import { createLog } from "../log";
import { gauge } from "../metrics/count";
import { settingsOf } from "../settings";
import type { GenerationQueueApi } from "./api";
import { flush } from "./flush";
import { TriggerRequestSchema, type Claim, type JobView, type TriggerRequest } from "./job";
import { Forgotten } from "./forgotten";
import { JobStore } from "./jobs";
import { Outbox } from "./outbox";
import { Refusals } from "./refusals";
import { runJob } from "./runJob";
import { SpendingBook } from "./spending";
import { withTimeLimit } from "./timeLimit";
import { refusedForMs, retryAfterSeconds } from "./waiting";
import { Wake } from "./wake";

/** A lease outlives the job's deadline by what storing the page may take. */
const LEASE_GRACE_MS = 15_000;
/** Longest line of a member, in expected waiting time; beyond it a shopper is better served by another member. */
const LONGEST_WAIT_MS = 60_000;
/** An alarm may run for 15 minutes; this one leases nothing more after ten and leaves the rest to its successor. */
const LONGEST_ALARM_MS = 600_000;
/** What is forgotten is gone by then, or its runs see that it is. */
const FORGET_PATIENCE_MS = 10_000;
/** Something due this soon is waited for: another alarm would cost a write. */
const WORTH_STAYING_MS = 1_000;
/** A Durable Object lives as long as its work does. */
const inObject = (): void => undefined;

/** One pool member's queue: jobs in SQLite, worked through by its alarm. Jobs outlive the object, runs do not. */
export class GenerationQueue extends DurableObject<Env> implements GenerationQueueApi {
  readonly #jobs: JobStore;
  readonly #outbox: Outbox;
  readonly #refusals = new Refusals();
  readonly #forgotten = new Forgotten();
  readonly #runs = new Map<Promise<void>, Run>();
  /** Rings when a run or a flush has ended, or a job was put in line. */
  readonly #wake = new Wake();
  #flushing: Promise<void> | undefined;
  #alarmStartedAt: number | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#jobs = new JobStore(ctx.storage.sql);
    this.#outbox = new Outbox(ctx.storage.sql);
    void ctx.blockConcurrencyWhile(async () => {
      this.#jobs.recover(Date.now());
      await this.#armForNext();
    });
  }

  /**
   * `POST /trigger`: 202 `{job_id, member, position}`, 429 with a measured Retry-After when the line is too long, or 410 when the
   * shopper was erased since they asked.
   */
  override async fetch(request: Request): Promise<Response> {
    try {
      if (request.method !== "POST" || new URL(request.url).pathname !== "/trigger") {
        throw new WandError("NOT_FOUND", "A queue answers POST /trigger only.");
      }
      const parsed = TriggerRequestSchema.safeParse(await request.json().catch(() => undefined));
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

  async ended(id: string, patienceMs: number): Promise<JobView | undefined> {
    const until = Date.now() + patienceMs;
    for (;;) {
      const job = this.#jobs.byId(id);
      const left = until - Date.now();
      if (job === undefined || job.state === "done" || job.state === "failed" || left <= 0) return job;
      await this.#wake.next(left);
    }
  }

  async forget(store: string, subject?: string): Promise<void> {
    const theirs = [...this.#runs].filter(
      ([, run]) => run.store === store && (subject === undefined || run.subject === subject),
    );
    this.#forgotten.note(store, subject, Date.now());
    this.#jobs.forget(store, subject);
    this.#outbox.forget(store, subject);
    for (const [, { giveUp }] of theirs) giveUp.abort();
    // One may be storing what was just forgotten, and a flush be writing it: a run takes it back when it sees that.
    await within(FORGET_PATIENCE_MS, Promise.all([this.#flushing, ...theirs.map(([run]) => run)]), undefined);
  }

  async reserve(claim: Claim): Promise<boolean> {
    return new SpendingBook(this.ctx.storage.sql).reserve(claim);
  }

  async settle(key: string, usd: number): Promise<void> {
    new SpendingBook(this.ctx.storage.sql).settle(key, usd);
  }

  async spent(day: string): Promise<number> {
    return new SpendingBook(this.ctx.storage.sql).spent(day);
  }

  async containerHealth(member: string, deadlineMs: number): Promise<{ status: number; body: string } | undefined> {
    const headers = { [DEADLINE_HEADER]: String(deadlineMs) };
    return withTimeLimit(deadlineMs, async (signal) => {
      try {
        const response = await this.#generator(member).fetch("http://generator/health", { headers, signal });
        return { status: response.status, body: await response.text() };
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
  }

  override async alarm(): Promise<void> {
    const settings = settingsOf(this.env);
    this.#alarmStartedAt = Date.now();
    // Before anything else: whatever happens to this run, there is a next one. Not awaited, so that it is one write with the lease.
    void this.ctx.storage.setAlarm(Date.now() + settings.JOB_DEADLINE_MS + LEASE_GRACE_MS);
    try {
      for (;;) {
        this.#startRuns();
        this.#startFlush();
        const dueMs = this.#nextDueAt() - Date.now();
        const idle = this.#runs.size === 0 && this.#flushing === undefined;
        if (idle && dueMs > WORTH_STAYING_MS) break;
        await this.#wake.next(dueMs);
      }
    } finally {
      this.#alarmStartedAt = undefined;
    }
    this.#jobs.forgetOld(Date.now());
    await this.#armForNext();
  }

  async #trigger(asked: TriggerRequest): Promise<Response> {
    const now = Date.now();
    const request = this.#forgotten.granted(asked);
    if (request === undefined) return erased();
    const variant = kvKeyOf(variantOfRequest(request));
    const current = this.#jobs.current(variant, now);
    if (current !== undefined) return this.#accepted(current.id, request.member);

    const { MAX_QUEUE_DEPTH: maxDepth, GENERATION_CONCURRENCY: concurrency } = settingsOf(this.env);
    const limits = { maxDepth, concurrency, longestWaitMs: LONGEST_WAIT_MS };
    const standing = this.#refusals.left(variant, now);
    const refusedMs = standing ?? refusedForMs(this.#jobs.line(now), limits);
    if (refusedMs !== undefined) {
      const seconds = retryAfterSeconds(refusedMs);
      if (standing === undefined) this.#refusals.add(variant, now + seconds * 1000);
      return refused(seconds);
    }

    // Nothing is awaited between the look and this, so that of any number of requests at once one puts the job in line.
    const id = crypto.randomUUID();
    this.#jobs.add(id, variant, request, now);
    this.#measure(request.member);
    if (this.#alarmStartedAt === undefined) await this.ctx.storage.setAlarm(now);
    else this.#wake.ring();
    return this.#accepted(id, request.member);
  }

  #accepted(jobId: string, member: string): Response {
    return Response.json({ job_id: jobId, member, position: this.#jobs.depth() }, { status: 202 });
  }

  /** Leases jobs up to the concurrency and runs them side by side; the alarm waits for their ends. */
  #startRuns(): void {
    const settings = settingsOf(this.env);
    while (this.#hasPlace()) {
      const job = this.#jobs.lease(Date.now(), settings.JOB_DEADLINE_MS + LEASE_GRACE_MS, settings.JOB_DEADLINE_MS);
      if (job === undefined) return;
      const { store, subject, member } = job.request;
      const giveUp = new AbortController();
      const run = runJob(job, {
        env: this.env,
        settings,
        jobs: this.#jobs,
        outbox: this.#outbox,
        generator: this.#generator(member),
        signal: giveUp.signal,
      }).finally(() => {
        this.#runs.delete(run);
        this.#measure(member);
        this.#wake.ring();
      });
      this.#runs.set(run, { store, subject, giveUp });
      this.#measure(member);
    }
  }

  /** Whether one more job may be leased. */
  #hasPlace(): boolean {
    const started = this.#alarmStartedAt;
    const over = started === undefined || Date.now() - started > LONGEST_ALARM_MS;
    return !over && this.#runs.size < settingsOf(this.env).GENERATION_CONCURRENCY;
  }

  #startFlush(): void {
    const due = this.#outbox.nextDueAt();
    if (this.#flushing !== undefined || due === undefined || due > Date.now()) return;
    this.#flushing = flush(this.#outbox, this.env, createLog({})).finally(() => {
      this.#flushing = undefined;
      this.#wake.ring();
    });
  }

  /** When there is something to start that can be started; Infinity for never. */
  #nextDueAt(): number {
    const job = this.#hasPlace() ? this.#jobs.nextLeaseAt() : undefined;
    const item = this.#flushing === undefined ? this.#outbox.nextDueAt() : undefined;
    return Math.min(job ?? Infinity, item ?? Infinity);
  }

  async #armForNext(): Promise<void> {
    const at = Math.min(this.#jobs.nextLeaseAt() ?? Infinity, this.#outbox.nextDueAt() ?? Infinity);
    if (at === Infinity) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(at, Date.now()));
  }

  #measure(member: string): void {
    const oldest = this.#jobs.oldest() ?? Date.now();
    gauge(this.env, inObject, "queue_depth", { member }, this.#jobs.depth());
    gauge(this.env, inObject, "queue_age_seconds", { member }, (Date.now() - oldest) / 1000);
  }

  #generator(member: string): DurableObjectStub {
    return this.env.GENERATOR.get(this.env.GENERATOR.idFromName(member));
  }
}

interface Run {
  store: string;
  subject: string;
  giveUp: AbortController;
}

const variantOfRequest = (request: TriggerRequest): Variant => ({
  store: request.store,
  subject: request.subject,
  personaHash: request.persona_hash,
});

function erased(): Response {
  const { body } = toErrorBody(new WandError("ERASED", "The shopper was erased since they asked."));
  return Response.json(body, { status: FAULTS.ERASED.status });
}

function refused(seconds: number): Response {
  const { body } = toErrorBody(new WandError("QUEUE_FULL", "This member's line is full."));
  return Response.json(body, { status: FAULTS.QUEUE_FULL.status, headers: { "Retry-After": String(seconds) } });
}
