import type { JobResult, JobState, JobView, LeasedJob, TriggerRequest } from "./job";
import { LEASE_COLUMNS, leasedOf, prepareJobs, RUN_MS, VIEW_COLUMNS, viewOf, withCrumb } from "./jobTable";
import type { Row, Sql, SqlValue } from "../sql";
import type { Line } from "./waiting";

/** Finished jobs are remembered this long, for the status route and for measured waiting times. */
const REMEMBERED_MS = 3_600_000;
/** A variant that failed is not tried again for this long, however often its shopper comes back. */
const REST_AFTER_FAILURE_MS = 60_000;
/** Jobs that the measured running time is taken from, and what is assumed before there are any. */
const SAMPLE = 20;
const ASSUMED_RUN_MS = 5_000;

/** How a job stands to a runner of it: its own, another runner's or over, or removed because its subject is forgotten. */
export type Standing = "held" | "lost" | "forgotten";

/**
 * The jobs of one pool member in its SQLite. A job is leased, not popped: whoever leases it has it until `lease_until`, and
 * then anybody may. Each lease has a number of its own, and what a runner says counts only under the job's last one.
 * All times in milliseconds since 1970 and given by the caller.
 */
export class JobStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    prepareJobs(sql);
  }

  /** The job that already makes this variant, or lately did and rests; undefined means that a new one may be put in line. */
  current(variant: string, now: number): JobView | undefined {
    const [row] = this.#rows(
      `SELECT ${VIEW_COLUMNS}, rest_until FROM jobs WHERE variant = ? ORDER BY seq DESC LIMIT 1`,
      variant,
    );
    if (row === undefined) return undefined;
    const over = row["state"] === "done" || row["state"] === "failed";
    return over && now >= Number(row["rest_until"]) ? undefined : viewOf(row);
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

  /**
   * Takes the next job that may run: one that waits, or one whose lease ran out, which goes on with the attempt it was at.
   * `runMs` is the time a job has in all.
   */
  lease(now: number, leaseMs: number, runMs: number): LeasedJob | undefined {
    const [row] = this.#rows(
      `UPDATE jobs SET state = 'running', attempt = attempt + (state = 'queued'), lease = lease + 1, lease_until = ?1 + ?2,
         deadline_at = COALESCE(deadline_at, ?1 + ?3), started_at = COALESCE(started_at, ?1),
         ran_ms = ran_ms + IIF(state = 'running', ${RUN_MS}, 0),
         crumbs = IIF(state = 'running', ${withCrumb("'LEASE_EXPIRED'")}, crumbs),
         leased_at = ?1
       WHERE seq = (SELECT seq FROM jobs
         WHERE (state = 'queued' AND run_at <= ?1) OR (state = 'running' AND lease_until <= ?1)
         ORDER BY run_at, seq LIMIT 1)
       RETURNING ${LEASE_COLUMNS}`,
      now,
      leaseMs,
      runMs,
    );
    return row && leasedOf(row);
  }

  standing(job: LeasedJob): Standing {
    const [row] = this.#rows("SELECT state, lease FROM jobs WHERE id = ?", job.id);
    if (row === undefined) return "forgotten";
    return row["state"] === "running" && row["lease"] === job.lease ? "held" : "lost";
  }

  /** The shopper to tell of a job: null when they were forgotten since they asked. */
  shopperOf(job: LeasedJob): string | null {
    const [row] = this.#rows("SELECT json_extract(request, '$.shopper') AS shopper FROM jobs WHERE id = ?", job.id);
    return typeof row?.["shopper"] === "string" ? row["shopper"] : null;
  }

  /** Notes that a job's page is stored: whoever runs the job after this only tells of it. */
  noteStored(job: LeasedJob, result: JobResult): void {
    this.#sql.exec(
      "UPDATE jobs SET result = ? WHERE id = ? AND lease = ? AND state = 'running'",
      JSON.stringify(result),
      job.id,
      job.lease,
    );
  }

  /** Ends a job. Until `restUntil` its variant is not made again. False when the lease is another's, and nothing is done. */
  finish(job: LeasedJob, { result, restUntil }: { result: JobResult; restUntil: number }, now: number): boolean {
    return this.#end(job, now, { state: "done", code: "OK", error: null, result, restUntil });
  }

  fail(job: LeasedJob, code: string, error: string, now: number): boolean {
    return this.#end(job, now, { state: "failed", code, error, result: null, restUntil: now + REST_AFTER_FAILURE_MS });
  }

  /** Puts a job back in line for a time. One that only found the generator busy keeps its number of attempts. */
  putBack(job: LeasedJob, { runAt, code, error, counts }: PutBack, now: number): boolean {
    const rows = this.#rows(
      `UPDATE jobs SET state = 'queued', run_at = ?4, error = ?5, attempt = attempt - ?6, ran_ms = ran_ms + ${RUN_MS},
         crumbs = ${withCrumb("?7")}
       WHERE id = ?2 AND lease = ?3 AND state = 'running' RETURNING id`,
      now,
      job.id,
      job.lease,
      runAt,
      error,
      counts ? 0 : 1,
      code,
    );
    return rows.length > 0;
  }

  /**
   * Puts every running job back in line at the attempt it was at, and gives all jobs their whole time. For a Durable Object
   * that has just been constructed: runs live in its memory only, so whatever ran before it has ended.
   */
  recover(now: number): void {
    this.#sql.exec("UPDATE jobs SET deadline_at = NULL WHERE state IN ('queued', 'running')");
    this.#sql.exec(
      `UPDATE jobs SET state = 'queued', run_at = ?1, attempt = attempt - 1, interruptions = interruptions + 1,
         ran_ms = ran_ms + ${RUN_MS}, crumbs = ${withCrumb("'INTERRUPTED'")}
       WHERE state = 'running'`,
      now,
    );
  }

  /** The newest job of a variant. */
  find(variant: string): JobView | undefined {
    return this.#view("variant = ? ORDER BY seq DESC LIMIT 1", variant);
  }

  byId(id: string): JobView | undefined {
    return this.#view("id = ?", id);
  }

  /** Jobs that wait or run. */
  depth(): number {
    return this.#number("SELECT COUNT(*) AS n FROM jobs WHERE state IN ('queued', 'running')") ?? 0;
  }

  /** What there is to say of the line at this moment. */
  line(now: number): Line {
    const running = this.#rows("SELECT leased_at FROM jobs WHERE state = 'running'");
    return {
      depth: this.depth(),
      runningMs: running.map((row) => now - Number(row["leased_at"] ?? now)),
      meanRunMs: this.meanRunMs(),
    };
  }

  /** When the oldest job in line was put there; undefined when there is none. */
  oldest(): number | undefined {
    return this.#number("SELECT MIN(created_at) AS n FROM jobs WHERE state IN ('queued', 'running')");
  }

  /** Mean milliseconds that a job held a place, all its attempts together, of the last jobs that ended. */
  meanRunMs(): number {
    const mean = this.#number(
      `SELECT AVG(ran_ms) AS n FROM
         (SELECT ran_ms FROM jobs WHERE state IN ('done', 'failed') AND ran_ms > 0 ORDER BY finished_at DESC LIMIT ${SAMPLE})`,
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

  /**
   * Removes a subject's jobs in a store, in whatever state, or all of the store's. A cohort's job that the subject asked for
   * is made for the others of the cohort, and does not know any more who asked.
   */
  forget(store: string, subject?: string): void {
    this.#sql.exec(
      "DELETE FROM jobs WHERE json_extract(request, '$.store') = ?1 AND (?2 IS NULL OR json_extract(request, '$.subject') = ?2)",
      store,
      subject ?? null,
    );
    this.#sql.exec(
      `UPDATE jobs SET request = json_set(request, '$.shopper', NULL)
       WHERE json_extract(request, '$.store') = ?1 AND json_extract(request, '$.shopper') = ?2`,
      store,
      subject ?? null,
    );
  }

  forgetOld(now: number): void {
    this.#sql.exec("DELETE FROM jobs WHERE state IN ('done', 'failed') AND finished_at < ?", now - REMEMBERED_MS);
  }

  #end(job: LeasedJob, now: number, { state, code, error, result, restUntil }: End): boolean {
    const rows = this.#rows(
      `UPDATE jobs SET state = ?4, error = ?5, finished_at = ?1, rest_until = ?6, ran_ms = ran_ms + ${RUN_MS},
         result = ?8, crumbs = ${withCrumb("?7")}
       WHERE id = ?2 AND lease = ?3 AND state = 'running' RETURNING id`,
      now,
      job.id,
      job.lease,
      state,
      error,
      restUntil,
      code,
      result && JSON.stringify(result),
    );
    return rows.length > 0;
  }

  #view(where: string, value: string): JobView | undefined {
    const [row] = this.#rows(`SELECT ${VIEW_COLUMNS} FROM jobs WHERE ${where}`, value);
    return row && viewOf(row);
  }

  #rows(query: string, ...values: SqlValue[]): Row[] {
    return this.#sql.exec(query, ...values).toArray();
  }

  #number(query: string): number | undefined {
    const value = this.#rows(query)[0]?.["n"];
    return typeof value === "number" ? value : undefined;
  }
}

interface PutBack {
  runAt: number;
  code: string;
  error: string;
  counts: boolean;
}

interface End {
  state: JobState;
  code: string;
  error: string | null;
  result: JobResult | null;
  restUntil: number;
}
