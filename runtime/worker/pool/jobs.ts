import { TriggerRequestSchema, type JobState, type JobView, type TriggerRequest } from "./api";

/** A job in the hands of a runner; `attempt` is its proof that the lease is still its own. */
export interface LeasedJob {
  id: string;
  attempt: number;
  request: TriggerRequest;
  /** When the job as a whole has to be done. */
  deadlineAt: number;
}

/** Finished jobs are remembered this long, for the status route and for measured waiting times. */
const REMEMBERED_MS = 3_600_000;
/** A variant that failed is not tried again for this long, however often its shopper comes back. */
const REST_AFTER_FAILURE_MS = 60_000;
/** Jobs that the measured running time is taken from, and what is assumed before there are any. */
const SAMPLE = 20;
const ASSUMED_RUN_MS = 5_000;

type Row = Record<string, SqlStorageValue>;

/**
 * The jobs of one pool member in its SQLite. A job is leased, not popped: whoever leases it has until `lease_until`, and
 * then anybody may. All times in milliseconds since 1970 and given by the caller.
 */
export class JobStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS jobs (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        variant TEXT NOT NULL,
        request TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
        attempt INTEGER NOT NULL DEFAULT 0,
        run_at INTEGER NOT NULL,
        lease_until INTEGER NOT NULL DEFAULT 0,
        deadline_at INTEGER,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER,
        error TEXT
      );
      CREATE UNIQUE INDEX IF NOT EXISTS one_active_job ON jobs (variant) WHERE state IN ('queued', 'running');
      CREATE INDEX IF NOT EXISTS jobs_variant ON jobs (variant, seq);
      CREATE INDEX IF NOT EXISTS jobs_state ON jobs (state, run_at);
    `);
  }

  /** The job that already makes this variant, or lately failed to; undefined means that a new one may be put in line. */
  current(variant: string, now: number): JobView | undefined {
    const job = this.find(variant);
    if (job === undefined || job.state === "done") return undefined;
    const rested = job.state === "failed" && now - (job.finishedAt ?? 0) >= REST_AFTER_FAILURE_MS;
    return rested ? undefined : job;
  }

  add(id: string, variant: string, request: TriggerRequest, now: number): void {
    this.#sql.exec(
      "INSERT INTO jobs (id, variant, request, state, run_at, created_at) VALUES (?, ?, ?, 'queued', ?, ?)",
      id,
      variant,
      JSON.stringify(request),
      now,
      now,
    );
  }

  /** Takes the next job that may run: one that waits, or one whose lease ran out. `runMs` is the time a job has in all. */
  lease(now: number, leaseMs: number, runMs: number): LeasedJob | undefined {
    const [row] = this.#rows(
      `UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_until = ?1 + ?2,
         deadline_at = COALESCE(deadline_at, ?1 + ?3), started_at = COALESCE(started_at, ?1)
       WHERE seq = (SELECT seq FROM jobs
         WHERE (state = 'queued' AND run_at <= ?1) OR (state = 'running' AND lease_until <= ?1)
         ORDER BY run_at, seq LIMIT 1)
       RETURNING id, attempt, request, deadline_at`,
      now,
      leaseMs,
      runMs,
    );
    if (row === undefined) return undefined;
    const request = TriggerRequestSchema.parse(JSON.parse(String(row["request"])));
    return { id: String(row["id"]), attempt: Number(row["attempt"]), request, deadlineAt: Number(row["deadline_at"]) };
  }

  /** Whether a runner still holds its lease; one that was overtaken delivers nothing. */
  holds(job: LeasedJob): boolean {
    return (
      this.#rows("SELECT 1 FROM jobs WHERE id = ? AND attempt = ? AND state = 'running'", job.id, job.attempt)
        .length === 1
    );
  }

  finish(job: LeasedJob, now: number): void {
    this.#end(job, "done", null, now);
  }

  fail(job: LeasedJob, error: string, now: number): void {
    this.#end(job, "failed", error, now);
  }

  /** Puts a job back in line for a time. One that only found the generator busy keeps its number of attempts. */
  putBack(job: LeasedJob, runAt: number, error: string, counts: boolean): void {
    this.#sql.exec(
      `UPDATE jobs SET state = 'queued', run_at = ?, error = ?, attempt = attempt - ?
       WHERE id = ? AND attempt = ? AND state = 'running'`,
      runAt,
      error,
      counts ? 0 : 1,
      job.id,
      job.attempt,
    );
  }

  /**
   * Puts every running job back in line, with its whole time before it. For a Durable Object that has just been
   * constructed: runs live in its memory only, so whatever ran before it has ended.
   */
  recover(now: number): void {
    this.#sql.exec("UPDATE jobs SET state = 'queued', run_at = ?, deadline_at = NULL WHERE state = 'running'", now);
  }

  find(variant: string): JobView | undefined {
    const [row] = this.#rows(
      "SELECT id, state, attempt, created_at, finished_at, error FROM jobs WHERE variant = ? ORDER BY seq DESC LIMIT 1",
      variant,
    );
    if (row === undefined) return undefined;
    return {
      id: String(row["id"]),
      state: row["state"] as JobState,
      attempt: Number(row["attempt"]),
      createdAt: Number(row["created_at"]),
      finishedAt: row["finished_at"] === null ? null : Number(row["finished_at"]),
      error: row["error"] === null ? null : String(row["error"]),
    };
  }

  /** Jobs that wait or run. */
  depth(): number {
    return this.#number("SELECT COUNT(*) AS n FROM jobs WHERE state IN ('queued', 'running')") ?? 0;
  }

  /** Mean milliseconds from a job's start to its end, of the last jobs done. */
  meanRunMs(): number {
    const mean = this.#number(
      `SELECT AVG(finished_at - started_at) AS n FROM
         (SELECT * FROM jobs WHERE state = 'done' ORDER BY seq DESC LIMIT ${SAMPLE})`,
    );
    return mean ?? ASSUMED_RUN_MS;
  }

  /** When there will be something to lease: a time that may be past, or undefined for never. */
  nextLeaseAt(): number | undefined {
    return this.#number(
      `SELECT MIN(CASE state WHEN 'queued' THEN run_at ELSE lease_until END) AS n FROM jobs
       WHERE state IN ('queued', 'running')`,
    );
  }

  /** Removes every job of a subject in a store, in whatever state. */
  forget(store: string, subject: string): void {
    this.#sql.exec(
      "DELETE FROM jobs WHERE json_extract(request, '$.store') = ? AND json_extract(request, '$.subject') = ?",
      store,
      subject,
    );
  }

  forgetOld(now: number): void {
    this.#sql.exec("DELETE FROM jobs WHERE state IN ('done', 'failed') AND finished_at < ?", now - REMEMBERED_MS);
  }

  #end(job: LeasedJob, state: JobState, error: string | null, now: number): void {
    this.#sql.exec(
      "UPDATE jobs SET state = ?, error = ?, finished_at = ? WHERE id = ? AND attempt = ? AND state = 'running'",
      state,
      error,
      now,
      job.id,
      job.attempt,
    );
  }

  #rows(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.#sql.exec(query, ...values).toArray();
  }

  #number(query: string): number | undefined {
    const value = this.#rows(query)[0]?.["n"];
    return typeof value === "number" ? value : undefined;
  }
}
