/**
 * The running groups: starts what is used, replaces what has changed, and never lets two runtimes hold the same data.
 */
import type { Miniflare } from "miniflare";
import type { ProcessEngine } from "../engine";
import { miniflareOptions } from "./miniflare-options";
import { besideName, besideOf, ownerOf } from "./beside";
import { planGroup, type GroupPlan, type Key } from "./plan";
import { DRAIN_MS, Runtime } from "./runtime";
import type { Storage } from "./storage";
import { switchTracing } from "./tracing";
import type { DurableObjectClass, TraceEvent, WorkerDeclaration, WorkerSpec } from "./types";

/** A runtime without a Worker holds data only; it ends when that was not asked for so long. */
const DATA_IDLE_MS = 5_000;
const CLOSE_DRAIN_MS = 2_000;

export interface GroupsOptions {
  storage: Storage;
  /** Undefined where the system has none. */
  engine: ProcessEngine | undefined;
  log: (line: string) => void;
  /** Calls a function that starts processes, so that they are recorded. */
  watch: <T>(start: () => T) => T;
  onTrace: (event: TraceEvent) => void;
}

/** A runtime in use: it is not stopped before `leave` is called, for as long as it is patient. */
export interface Lease {
  miniflare: Miniflare;
  leave: () => void;
}

export class Groups {
  readonly #options: GroupsOptions;
  readonly #specs = new Map<string, WorkerSpec>();
  readonly #plans = new Map<Key, GroupPlan>();
  /** The runtime that holds a Worker or a resource, or still has to let go of it. */
  readonly #holders = new Map<Key, Runtime>();
  #tracing = false;
  #closed = false;

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** Declares a Worker; the former version runs on until the next use. Namespaces that it has no more lose their data. */
  async setWorker({ beside, ...spec }: WorkerDeclaration): Promise<void> {
    const former = this.#specs.get(spec.name);
    this.#removeBeside(spec.name);
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
  }

  async removeWorker(name: string): Promise<void> {
    const former = this.#specs.get(name);
    if (former === undefined) return;
    this.#specs.delete(name);
    this.#removeBeside(name);
    this.#plans.clear();
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
      return { miniflare: await runtime.ready, leave };
    } catch (error) {
      leave();
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

  #removeBeside(worker: string): void {
    for (const name of this.#specs.keys()) if (ownerOf(name) === worker) this.#specs.delete(name);
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
    const onIdle = () => this.#endWhenIdle(runtime);
    const runtime: Runtime = this.#options.watch(() => new Runtime({ plan, options, onIdle }));
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

  #endWhenIdle(runtime: Runtime): void {
    if (runtime.plan.workers.length > 0) return;
    setTimeout(() => {
      if (runtime.users === 0) void this.#stop(runtime, 0);
    }, DATA_IDLE_MS).unref();
  }

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
