import * as fc from "fast-check";
import { JobStore } from "../../../../runtime/worker/pool/jobs";
import { memorySql } from "../support/sql";
import { trigger } from "../support/trigger";
import { Model, RESULT, steps, variantOf, workThrough, type Real } from "./jobs.model";

const LEASE_MS = 75_000;
const RUN_MS = 60_000;
const NOW = 1_000_000;

describe("JobStore", () => {
  it("does what a simple model does, whatever happens in whatever order, and loses no job", () => {
    fc.assert(
      fc.property(fc.commands(steps, { maxCommands: 60, size: "max" }), (commands) => {
        const model = new Model();
        const real: Real = { store: new JobStore(memorySql()), given: [] };
        fc.modelRun(() => ({ model, real }), commands);
        workThrough(model, real);
        for (const job of model.jobs) expect(["done", "failed"]).toContain(real.store.byId(job.id)?.state);
      }),
      { numRuns: 80 },
    );
  });

  const started = () => {
    const store = new JobStore(memorySql());
    store.add("job-1", variantOf("alice"), trigger(), NOW);
    return { store, job: store.lease(NOW, LEASE_MS, RUN_MS)! };
  };

  it("refuses a second active job of a variant, and takes one when the first is over", () => {
    const { store, job } = started();
    expect(() => store.add("job-2", variantOf("alice"), trigger(), NOW)).toThrow(/UNIQUE/);
    store.finish(job, { result: RESULT, restUntil: 0 }, NOW);
    store.add("job-2", variantOf("alice"), trigger(), NOW);
    expect(store.depth()).toBe(1);
  });

  it("keeps one deadline through a job's attempts, and gives a new one after a restart", () => {
    const { store, job } = started();
    expect(job.deadlineAt).toBe(NOW + RUN_MS);
    store.putBack(job, { runAt: NOW + 700, code: "TIMEOUT", error: "late", counts: true }, NOW + 500);
    expect(store.lease(NOW + 700, LEASE_MS, RUN_MS)).toMatchObject({ attempt: 2, deadlineAt: NOW + RUN_MS });
    store.recover(NOW + 40_000);
    expect(store.lease(NOW + 40_000, LEASE_MS, RUN_MS)).toMatchObject({
      attempt: 2,
      interruptions: 1,
      deadlineAt: NOW + 100_000,
    });
  });

  it("leaves a breadcrumb of each run, the newest ten", () => {
    const { store, job } = started();
    store.putBack(job, { runAt: NOW + 100, code: "RATE_LIMITED", error: "slow", counts: true }, NOW + 90);
    store.lease(NOW + 100, LEASE_MS, RUN_MS);
    store.lease(NOW + 100 + LEASE_MS, LEASE_MS, RUN_MS);
    store.recover(NOW + 80_000);
    expect(store.byId("job-1")?.crumbs).toEqual([
      { at: NOW + 90, attempt: 1, code: "RATE_LIMITED", ms: 90 },
      { at: NOW + 100 + LEASE_MS, attempt: 2, code: "LEASE_EXPIRED", ms: LEASE_MS },
      { at: NOW + 80_000, attempt: 2, code: "INTERRUPTED", ms: 80_000 - 100 - LEASE_MS },
    ]);
    for (let n = 0; n < 12; n++) {
      const again = store.lease(NOW + 90_000 + n, LEASE_MS, RUN_MS)!;
      store.putBack(again, { runAt: 0, code: "BUSY", error: "busy", counts: false }, NOW + 90_000 + n);
    }
    expect(store.byId("job-1")?.crumbs).toHaveLength(10);
    expect(store.byId("job-1")?.attempt).toBe(1);
  });

  it("measures how long jobs hold a place, pauses between attempts left out", () => {
    const { store, job } = started();
    expect(store.meanRunMs()).toBe(5_000); // an assumption, as long as none has ended
    store.putBack(job, { runAt: NOW + 9_000, code: "TIMEOUT", error: "late", counts: true }, NOW + 1_000);
    const again = store.lease(NOW + 9_000, LEASE_MS, RUN_MS)!;
    store.finish(again, { result: RESULT, restUntil: 0 }, NOW + 11_000);
    expect(store.meanRunMs()).toBe(3_000);
  });

  it("lets a variant rest after a failure, and after a page for as long as it is told", () => {
    const { store, job } = started();
    store.fail(job, "TIMEOUT", "late", NOW);
    expect(store.current(variantOf("alice"), NOW + 59_999)?.id).toBe("job-1");
    expect(store.current(variantOf("alice"), NOW + 60_000)).toBeUndefined();
    store.add("job-2", variantOf("alice"), trigger(), NOW + 60_000);
    const again = store.lease(NOW + 60_000, LEASE_MS, RUN_MS)!;
    store.finish(again, { result: RESULT, restUntil: NOW + 70_000 }, NOW + 61_000);
    expect(store.current(variantOf("alice"), NOW + 69_999)?.result).toEqual(RESULT);
    expect(store.current(variantOf("alice"), NOW + 70_000)).toBeUndefined();
  });

  it("gives whoever takes over a job the page that is stored already", () => {
    const { store, job } = started();
    store.noteStored(job, RESULT);
    store.recover(NOW + 10);
    expect(store.lease(NOW + 10, LEASE_MS, RUN_MS)?.stored).toEqual(RESULT);
  });

  it("takes the shopper's name off a cohort's job, and keeps the job and everybody else's", () => {
    const { store, job } = started();
    store.add("job-2", variantOf("cohort"), trigger({ subject: "cohort" }), NOW);
    store.add("job-3", variantOf("bob"), trigger({ shopper: "bob" }), NOW);
    store.add("job-4", "ui:other:alice:v1", trigger({ store: "other" }), NOW);
    const cohort = store.lease(NOW, LEASE_MS, RUN_MS)!;
    expect(store.shopperOf(cohort)).toBe("alice");
    store.forget("tea-house", "alice");
    expect([store.standing(job), store.standing(cohort)]).toEqual(["forgotten", "held"]);
    expect(store.shopperOf(cohort)).toBeNull();
    store.recover(NOW);
    const left = [1, 2, 3].map(() => store.lease(NOW, LEASE_MS, RUN_MS)?.request);
    expect(left.map((request) => [request?.store, request?.subject, request?.shopper])).toEqual([
      ["tea-house", "cohort", null],
      ["tea-house", "bob", "bob"],
      ["other", "alice", "alice"],
    ]);
    store.forget("tea-house");
    expect(store.depth()).toBe(1);
  });

  it("goes on with the jobs of a table that older code made", () => {
    const sql = memorySql();
    sql.exec(`CREATE TABLE jobs (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, variant TEXT NOT NULL,
      request TEXT NOT NULL, state TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0, run_at INTEGER NOT NULL,
      lease_until INTEGER NOT NULL DEFAULT 0, deadline_at INTEGER, created_at INTEGER NOT NULL, started_at INTEGER,
      finished_at INTEGER, error TEXT)`);
    sql.exec(
      "INSERT INTO jobs (id, variant, request, state, attempt, run_at, created_at) VALUES ('old', 'v', ?, 'running', 1, 0, 0)",
      JSON.stringify(trigger()),
    );
    const store = new JobStore(sql);
    store.recover(NOW);
    expect(store.lease(NOW, LEASE_MS, RUN_MS)).toMatchObject({ id: "old", attempt: 1, interruptions: 1 });
    expect(new JobStore(sql).byId("old")?.state).toBe("running");
  });
});
