/**
 * The running groups: starts what is used, replaces what has changed, and never lets two runtimes hold the same data.
 */
import { availableParallelism } from "node:os";
import { bulkhead } from "cockatiel";
import type { Miniflare } from "miniflare";
import type { Clock } from "../clock";
import type { ContainerEngine } from "../engine";
import { Alarms } from "./alarms";
import { Idleness } from "./idleness";
import { miniflareOptions } from "./miniflare-options";
import { besideName, besideOf, ownerOf, previewedBy, previewOf } from "./beside";
import { planGroup, type GroupPlan, type Key } from "./plan";
import { DRAIN_MS, Runtime } from "./runtime";
import type { Storage } from "./storage";
import { switchTracing } from "./tracing";
import type { DurableObjectClass, Preview, TraceEvent, WorkerDeclaration, WorkerSpec } from "./types";

/** A runtime without a Worker holds data only, and is of no use once it was read or written. */
const DATA_IDLE_MS = 5_000;
/** How many runtimes may be idle when another one starts. */
const MOST_IDLE = { workers: 16, data: 4 };
/** How many previewed versions of a Worker may be declared; the one that was asked for first makes room. */
const MOST_PREVIEWS = 8;
/** How many start at once: a start keeps a core busy, and many at once would all be late. */
const STARTS_AT_ONCE = Math.max(2, availableParallelism());
const CLOSE_DRAIN_MS = 2_000;

export interface GroupsOptions {
  storage: Storage;
  /** Undefined where the system has none. */
  engine: ContainerEngine | undefined;
  log: (line: string) => void;
  /** Calls a function that starts processes, so that they are recorded. */
  watch: <T>(start: () => T) => T;
  onTrace: (event: TraceEvent) => void;
  clock: Clock;
  /** How long a Worker may be idle before its runtime ends, in milliseconds. */
  idleMs: number;
}

/** A runtime in use: it is not stopped before `leave` is called, for as long as it is patient. */
export interface Lease {
  miniflare: Miniflare;
  leave: () => void;
  /** For what may go on for ever: keeps the runtime from ending as idle, not from being replaced. The answer is called to leave. */
  stay: () => () => void;
}

export class Groups {
  readonly #options: GroupsOptions;
  readonly #specs = new Map<string, WorkerSpec>();
  readonly #plans = new Map<Key, GroupPlan>();
  /** The runtime that holds a Worker or a resource, or still has to let go of it. */
  readonly #holders = new Map<Key, Runtime>();
  readonly #idle: { workers: Idleness; data: Idleness };
  readonly #alarms: Alarms;
  readonly #starts = bulkhead(STARTS_AT_ONCE, Number.POSITIVE_INFINITY);
  #tracing = false;
  #closed = false;

  constructor(options: GroupsOptions) {
    this.#options = options;
    const { clock, idleMs, log } = options;
    const common = { clock, isBusy: this.#isBusy, end: (runtime: Runtime) => this.#endIdle(runtime) };
    this.#idle = {
      workers: new Idleness({ ...common, idleMs, most: MOST_IDLE.workers }),
      data: new Idleness({ ...common, idleMs: Math.min(idleMs, DATA_IDLE_MS), most: MOST_IDLE.data }),
    };
    this.#alarms = new Alarms({ clock, log, next: (worker) => this.#nextAlarm(worker), wake: this.#wake });
  }

  /** Runs the start of a runtime when few others start. */
  readonly inTurn = <T>(start: () => Promise<T>): Promise<T> => this.#starts.execute(() => this.#options.watch(start));

  /** Declares a Worker; the former version runs on until the next use. Namespaces that it has no more lose their data. */
  async setWorker({ beside, ...spec }: WorkerDeclaration): Promise<void> {
    const former = this.#specs.get(spec.name);
    this.#removeOthers(spec.name);
    this.#specs.set(spec.name, spec);
    if (beside) {
      const second = besideOf(spec, beside);
      this.#specs.set(second.name, second);
    }
    this.#plans.clear();
    for (const { namespaceId, pool } of spec.durableObjects.flatMap(poolOf)) {
      this.#options.engine?.setPool(namespaceId, pool);
    }
    if (former !== undefined) await this.#removeClasses(former);
    this.#watchAlarms(spec.name);
  }

  async removeWorker(name: string): Promise<void> {
    const former = this.#specs.get(name);
    if (former === undefined) return;
    this.#specs.delete(name);
    this.#removeOthers(name);
    this.#plans.clear();
    this.#alarms.forget(name);
    await this.#release(`worker:${name}`);
    await this.#removeClasses(former);
  }

  /**
   * Waits until the Worker or resource runs as declared last, and takes part in its runtime.
   * @throws Error with the cause where it cannot be started
   */
  async lease(key: Key): Promise<Lease> {
    const runtime = this.#runtime(key);
    const leave = runtime.enter();
    try {
      return { miniflare: await runtime.ready, leave, stay: () => runtime.stay() };
    } catch (error) {
      leave();
      this.#forgetPreviews(runtime); // it may be theirs, and what is deployed shall start without them
      throw error;
    }
  }

  isDeclared(worker: string): boolean {
    return this.#specs.has(worker);
  }

  /** The name under which a version of a Worker runs. */
  runningName(worker: string, versionId: string): string {
    const beside = besideName(worker, versionId);
    return this.#specs.has(beside) ? beside : worker;
  }

  /**
   * Declares a version that is asked for at an address of its own, until its runtime ends as idle. Where it shares data with what
   * runs, that starts anew with it, as at a deployment. The answer is the name under which it runs.
   */
  declarePreview(preview: Preview): string {
    const { worker, version } = preview;
    if (this.#specs.get(worker)?.versionId === version.versionId) return worker;
    const beside = besideName(worker, version.versionId);
    if (this.#specs.has(beside)) return beside;
    const spec = previewOf(preview);
    if (!this.#specs.has(spec.name)) {
      const others = [...this.#specs.keys()].filter((name) => previewedBy(name) === worker);
      for (const name of others.slice(0, -MOST_PREVIEWS + 1)) this.#specs.delete(name);
      this.#specs.set(spec.name, spec);
      this.#plans.clear();
    }
    return spec.name;
  }

  /** A Worker's second version, and those that are previewed: they are declared again when they are asked for. */
  #removeOthers(worker: string): void {
    for (const name of this.#specs.keys()) {
      if (ownerOf(name) === worker || previewedBy(name) === worker) this.#specs.delete(name);
    }
  }

  /** Removes a resource's data; a Worker that is still bound to it finds it empty. */
  async removeData(kind: "kv" | "d1" | "r2", id: string): Promise<void> {
    await this.#release(`${kind}:${id}`);
    await this.#options.storage.remove(kind, id);
  }

  /** Calls the Worker's `scheduled` handler. Throws where there is none, or it fails. */
  async runScheduled(name: string, cron: string, at = new Date()): Promise<void> {
    if (!this.isDeclared(name)) throw new Error(`there is no Worker ${name}`);
    const { miniflare, leave } = await this.lease(`worker:${name}`);
    try {
      const worker = await miniflare.getWorker(name);
      const { outcome } = await worker.scheduled({ cron, scheduledTime: at });
      if (outcome !== "ok") throw new Error(`the scheduled handler of ${name} ended with "${outcome}": see the log`);
    } finally {
      leave();
    }
  }

  /** Switches tracing for what runs and for what will; a group that cannot start has nothing to tell. */
  async trace(on: boolean): Promise<void> {
    this.#tracing = on;
    const running = [...new Set(this.#holders.values())].filter(({ plan, ended }) => plan.workers.length > 0 && !ended);
    await Promise.all(
      running.map(async (runtime) => {
        const leave = runtime.enter();
        await runtime.ready.then((miniflare) => switchTracing(miniflare, on)).catch(() => {});
        leave();
      }),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#alarms.close();
    this.#idle.workers.close();
    this.#idle.data.close();
    await Promise.all([...new Set(this.#holders.values())].map((runtime) => this.#stop(runtime, CLOSE_DRAIN_MS)));
  }

  /** Stops the runtime that holds this, after a bounded drain; the next use of it starts another. */
  async #release(key: Key): Promise<void> {
    const holder = this.#holders.get(key);
    if (holder !== undefined) await this.#stop(holder, DRAIN_MS);
  }

  async #stop(runtime: Runtime, drainMs: number): Promise<void> {
    await runtime.stop(drainMs);
    for (const key of runtime.plan.keys) if (this.#holders.get(key) === runtime) this.#holders.delete(key);
    for (const { name } of runtime.plan.workers) this.#watchAlarms(name);
  }

  #endIdle(runtime: Runtime): void {
    this.#forgetPreviews(runtime);
    void this.#stop(runtime, 0);
  }

  #forgetPreviews({ plan }: Runtime): void {
    const names = plan.workers.map(({ name }) => name).filter((name) => previewedBy(name) !== undefined);
    for (const name of names) this.#specs.delete(name);
    if (names.length > 0) this.#plans.clear();
  }

  #runtime(key: Key): Runtime {
    if (this.#closed) throw new Error("the host is closed");
    const plan = this.#plan(key);
    const holder = this.#holders.get(key);
    if (holder !== undefined && !holder.ended && holder.plan.fingerprint === plan.fingerprint) return holder;
    const formers = new Set([...plan.keys].flatMap((one) => this.#holders.get(one) ?? []));
    const released = Promise.all([...formers].map((former) => this.#stop(former, DRAIN_MS)));
    const options = async () => {
      await released;
      return this.#prepare(plan);
    };
    const idle = this.#idle[plan.workers.length > 0 ? "workers" : "data"];
    idle.makeRoom();
    const onIdle = () => idle.begin(runtime);
    const runtime: Runtime = new Runtime({ plan, options, inTurn: this.inTurn, onIdle });
    for (const one of plan.keys) this.#holders.set(one, runtime);
    return runtime;
  }

  #plan(key: Key): GroupPlan {
    const plan = this.#plans.get(key) ?? planGroup(key, this.#specs);
    for (const one of plan.keys) this.#plans.set(one, plan);
    return plan;
  }

  async #prepare(plan: GroupPlan) {
    const { storage, engine, log, onTrace } = this.#options;
    const label = plan.workers.map((spec) => spec.name).join("+");
    const containers = plan.workers.flatMap((spec) => spec.durableObjects.flatMap(poolOf));
    if (containers.length > 0 && engine === undefined) {
      throw new Error(`${label} has containers, for which workerd needs unix sockets: use Linux, macOS or WSL`);
    }
    return miniflareOptions(plan, {
      storage,
      engine,
      log: (line) => log(label === "" ? line : `${label}: ${line}`),
      tracing: { listening: this.#tracing, onTrace },
    });
  }

  /** A tail is told of nothing by a runtime that has ended, a container would lose its object, and an alarm could be under way. */
  readonly #isBusy = ({ plan: { workers } }: Runtime): boolean => {
    if (workers.length === 0) return false;
    const classes = workers.flatMap(({ durableObjects }) => durableObjects);
    if (this.#tracing || classes.some((one) => this.#options.engine?.running(one.namespaceId).length)) return true;
    const { clock, idleMs, storage } = this.#options;
    const next = storage.firstAlarm(classes.map(({ namespaceId }) => namespaceId));
    return next !== undefined && next <= clock.now().getTime() + idleMs;
  };

  /** Of a Worker that does not run; workerd itself sees to the alarms of those that do. */
  #watchAlarms(worker: string): void {
    const holder = this.#holders.get(`worker:${worker}`);
    if (!this.#closed && (holder === undefined || holder.ended)) this.#alarms.watch(worker);
  }

  #nextAlarm(worker: string): number | undefined {
    const { durableObjects = [] } = this.#specs.get(worker) ?? {};
    return this.#options.storage.firstAlarm(durableObjects.map(({ namespaceId }) => namespaceId));
  }

  readonly #wake = async (worker: string): Promise<void> => {
    if (this.#closed || !this.isDeclared(worker)) return;
    (await this.lease(`worker:${worker}`)).leave();
  };

  /** Removes the data and the containers of the classes that no declared Worker has any more. */
  async #removeClasses(former: WorkerSpec): Promise<void> {
    const kept = new Map(
      [...this.#specs.values()].flatMap((spec) => spec.durableObjects).map((one) => [one.namespaceId, one]),
    );
    for (const { namespaceId, container } of former.durableObjects) {
      const now = kept.get(namespaceId);
      const containersEnd = container !== undefined && now?.container === undefined;
      if (now !== undefined && !containersEnd) continue;
      await this.#release(`do:${namespaceId}`);
      if (containersEnd) await this.#options.engine?.removePool(namespaceId);
      if (now === undefined) await this.#options.storage.removeDurableObjects(namespaceId);
    }
  }
}

function poolOf({ namespaceId, container }: DurableObjectClass) {
  return container === undefined ? [] : [{ namespaceId, pool: container }];
}
