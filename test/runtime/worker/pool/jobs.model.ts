import * as fc from "fast-check";
import type { JobResult, LeasedJob } from "../../../../runtime/worker/pool/job";
import type { JobStore } from "../../../../runtime/worker/pool/jobs";
import { trigger } from "../support/trigger";

const LEASE_MS = 75_000;
const RUN_MS = 60_000;
const REST_MS = 60_000;
const MOST_ATTEMPTS = 3;
const MOST_CRUMBS = 10;

/** What a page that is made leaves. */
export const RESULT: JobResult = {
  generated_at: "2026-11-21T10:00:00.000Z",
  model: "a-model",
  source: "model",
  ms: 5,
  usd: 0.01,
  tokens: { prompt: 1, completion: 1, total: 2 },
  stand_in: null,
};

interface ModelJob {
  id: string;
  subject: string;
  state: "queued" | "running" | "done" | "failed";
  attempt: number;
  lease: number;
  runAt: number;
  leaseUntil: number;
  restUntil: number;
}

/** What a queue of jobs is, in the plainest words. */
export class Model {
  now = 1_000_000;
  added = 0;
  /** In the order they were put in line. */
  readonly jobs: ModelJob[] = [];

  newest = (subject: string): ModelJob | undefined => this.jobs.findLast((job) => job.subject === subject);
  active = (): ModelJob[] => this.jobs.filter(({ state }) => state === "queued" || state === "running");
  next = (): ModelJob | undefined =>
    this.active()
      .filter((job) => (job.state === "queued" ? job.runAt : job.leaseUntil) <= this.now)
      .toSorted((a, b) => a.runAt - b.runAt)[0];
  holder = ({ id, lease }: LeasedJob): ModelJob | undefined =>
    this.jobs.find((job) => job.id === id && job.state === "running" && job.lease === lease);
}

/** The store, and every lease that it ever gave. */
export interface Real {
  store: JobStore;
  given: LeasedJob[];
}

export const variantOf = (subject: string): string => `ui:tea-house:${subject}:v1_explorer_50_01234567`;

abstract class Step implements fc.Command<Model, Real> {
  check(_model: Readonly<Model>): boolean {
    return true;
  }
  abstract apply(model: Model, real: Real): void;
  abstract toString(): string;

  run(model: Model, real: Real): void {
    this.apply(model, real);
    compare(model, real);
  }
}

/** Everything that can be seen of the store is as the model says. One comparison, for they are many. */
function compare(model: Model, { store, given }: Real): void {
  const due = model.active().map((job) => (job.state === "queued" ? job.runAt : job.leaseUntil));
  const known = new Set(model.jobs.map(({ id }) => id));
  const seen = model.jobs.map(({ id }) => store.byId(id));
  expect({
    jobs: seen.map((job) => [job?.id, job?.state, job?.attempt]),
    depth: store.depth(),
    nextLeaseAt: store.nextLeaseAt(),
    standings: given.map((job) => store.standing(job)),
  }).toEqual({
    jobs: model.jobs.map((job) => [job.id, job.state, job.attempt]),
    depth: model.active().length,
    nextLeaseAt: due.length === 0 ? undefined : Math.min(...due),
    standings: given.map((job) =>
      !known.has(job.id) ? "forgotten" : model.holder(job) === undefined ? "lost" : "held",
    ),
  });
  if (seen.some((job) => job === undefined || job.attempt > MOST_ATTEMPTS || job.crumbs.length > MOST_CRUMBS)) {
    throw new Error(`too many attempts or breadcrumbs: ${JSON.stringify(seen)}`);
  }
}

class Trigger extends Step {
  constructor(readonly subject: string) {
    super();
  }
  apply(model: Model, { store }: Real): void {
    const variant = variantOf(this.subject);
    const before = model.newest(this.subject);
    const stands =
      before !== undefined && (before.state === "queued" || before.state === "running" || model.now < before.restUntil);
    expect(store.current(variant, model.now)?.id).toBe(stands ? before.id : undefined);
    if (stands) return;
    const id = `job-${++model.added}`;
    store.add(id, variant, trigger({ shopper: this.subject }), model.now);
    const { subject } = this;
    model.jobs.push({
      id,
      subject,
      state: "queued",
      attempt: 0,
      lease: 0,
      runAt: model.now,
      leaseUntil: 0,
      restUntil: 0,
    });
  }
  toString = () => `trigger(${this.subject})`;
}

class Lease extends Step {
  apply(model: Model, { store, given }: Real): void {
    const wanted = model.next();
    const leased = store.lease(model.now, LEASE_MS, RUN_MS);
    expect(leased?.id).toBe(wanted?.id);
    if (wanted === undefined || leased === undefined) return;
    if (wanted.state === "queued") wanted.attempt += 1;
    Object.assign(wanted, { state: "running", lease: wanted.lease + 1, leaseUntil: model.now + LEASE_MS });
    expect(leased).toMatchObject({ attempt: wanted.attempt, lease: wanted.lease });
    expect(leased.deadlineAt).toBeLessThanOrEqual(model.now + RUN_MS);
    given.push(leased);
  }
  toString = () => "lease";
}

/** What a runner says, who may have lost the lease long ago: of any lease that was ever given. */
abstract class Says extends Step {
  constructor(readonly which: number) {
    super();
  }
  apply(model: Model, real: Real): void {
    const leased = real.given[this.which % Math.max(1, real.given.length)];
    if (leased === undefined) return;
    const mine = model.holder(leased);
    expect(this.say(real.store, leased, model.now)).toBe(mine !== undefined);
    if (mine !== undefined) this.change(mine, model.now);
  }
  abstract say(store: JobStore, job: LeasedJob, now: number): boolean;
  abstract change(job: ModelJob, now: number): void;
}

class Finish extends Says {
  say = (store: JobStore, job: LeasedJob, now: number) => store.finish(job, { result: RESULT, restUntil: 0 }, now);
  change = (job: ModelJob) => void (job.state = "done");
  toString = () => `finish(${this.which})`;
}

class Fail extends Says {
  say = (store: JobStore, job: LeasedJob, now: number) => store.fail(job, "TIMEOUT", "too late", now);
  change = (job: ModelJob, now: number) => void Object.assign(job, { state: "failed", restUntil: now + REST_MS });
  toString = () => `fail(${this.which})`;
}

/** As a runner does it: after the third attempt it gives up instead. */
class PutBack extends Says {
  constructor(
    which: number,
    readonly delay: number,
    readonly counts: boolean,
  ) {
    super(which);
  }
  say(store: JobStore, job: LeasedJob, now: number): boolean {
    if (this.#givesUp(job.attempt)) return store.fail(job, "TIMEOUT", "too often", now);
    return store.putBack(job, { runAt: now + this.delay, code: "TIMEOUT", error: "late", counts: this.counts }, now);
  }
  change(job: ModelJob, now: number): void {
    if (this.#givesUp(job.attempt)) Object.assign(job, { state: "failed", restUntil: now + REST_MS });
    else Object.assign(job, { state: "queued", runAt: now + this.delay, attempt: job.attempt - (this.counts ? 0 : 1) });
  }
  #givesUp = (attempt: number): boolean => this.counts && attempt >= MOST_ATTEMPTS;
  toString = () => `putBack(${this.which}, ${this.delay} ms, ${this.counts ? "failed" : "busy"})`;
}

/** The object is gone and constructed again. */
class Recover extends Step {
  apply(model: Model, { store }: Real): void {
    store.recover(model.now);
    for (const job of model.jobs.filter(({ state }) => state === "running")) {
      Object.assign(job, { state: "queued", runAt: model.now, attempt: job.attempt - 1 });
    }
  }
  toString = () => "recover";
}

class Forget extends Step {
  constructor(readonly subject: string) {
    super();
  }
  apply(model: Model, { store }: Real): void {
    store.forget("tea-house", this.subject);
    model.jobs.splice(0, Infinity, ...model.jobs.filter(({ subject }) => subject !== this.subject));
  }
  toString = () => `forget(${this.subject})`;
}

class Pass extends Step {
  constructor(readonly ms: number) {
    super();
  }
  apply(model: Model): void {
    model.now += this.ms;
  }
  toString = () => `pass(${this.ms} ms)`;
}

const subjects = fc.constantFrom("alice", "bob");
const which = fc.nat({ max: 40 });

export const steps: fc.Arbitrary<fc.Command<Model, Real>>[] = [
  subjects.map((subject) => new Trigger(subject)),
  subjects.map((subject) => new Trigger(subject)),
  fc.constant(new Lease()),
  fc.constant(new Lease()),
  which.map((one) => new Finish(one)),
  which.map((one) => new Fail(one)),
  fc.tuple(which, fc.nat({ max: 12_000 }), fc.boolean()).map((values) => new PutBack(...values)),
  fc.constant(new Recover()),
  subjects.map((subject) => new Forget(subject)),
  fc.constantFrom(1, 5_000, 20_000, LEASE_MS).map((ms) => new Pass(ms)),
];

/** Works through all that is left as a runner does whose attempts all succeed. */
export function workThrough(model: Model, { store, given }: Real): void {
  for (let guard = 0; store.depth() > 0; guard++) {
    expect(guard).toBeLessThan(1_000);
    model.now = Math.max(model.now, store.nextLeaseAt() ?? 0);
    new Lease().run(model, { store, given });
    new Finish(given.length - 1).run(model, { store, given });
  }
}
