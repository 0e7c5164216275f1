/**
 * Tails: who listens to what a Worker does (…/workers/observability/logs/real-time-logs). They live in memory: a restart ends them,
 * and the client opens another.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../clock";
import type { Host, TraceEvent, TraceItem } from "../host";
import { errors } from "../refusals";
import type { State, WorkerDoc } from "../state/model";
import { passes, type TailFilter, type TailMessage } from "./tailFilters";

/** developers.cloudflare.com/workers/platform/limits has none; ten are what the real-time logs' page allows of a Worker. */
const MAX_TAILS = 10;
const LIFETIME_MS = 6 * 60 * 60 * 1000;

/** Somebody who listens. */
export interface Listener {
  send(text: string): void;
  /** Ends it for good: the client does not come back. */
  close(): void;
}

export interface Tail {
  id: string;
  worker: string;
  expiresAt: Date;
  filters: readonly TailFilter[];
  listener?: Listener;
  /** Takes the end of its time back. */
  cancel: () => void;
}

export interface TailsOptions {
  state: State;
  host: Pick<Host, "trace">;
  clock: Clock;
  /** From 0 to 1, for the share of calls that a filter asks for. */
  random: () => number;
}

export class Tails {
  readonly #options: TailsOptions;
  readonly #tails = new Map<string, Tail>();

  constructor(options: TailsOptions) {
    this.#options = options;
  }

  /** Opens a tail; what the Worker does from now on goes to whoever `connect`s to it. */
  async open(worker: WorkerDoc, filters: readonly TailFilter[]): Promise<Tail> {
    const { clock, host } = this.#options;
    if (this.of(worker).length >= MAX_TAILS) throw errors.tailCount(MAX_TAILS);
    const id = randomBytes(16).toString("hex");
    const tail: Tail = {
      id,
      worker: worker.name,
      filters,
      expiresAt: new Date(clock.now().getTime() + LIFETIME_MS),
      cancel: clock.after(LIFETIME_MS, () => void this.end(id)),
    };
    this.#tails.set(id, tail);
    await host.trace(true);
    return tail;
  }

  of({ name }: Pick<WorkerDoc, "name">): Tail[] {
    return [...this.#tails.values()].filter(({ worker }) => worker === name);
  }

  /** Listens to a tail, in place of whoever did; the id is all the leave that is needed. False where there is no such tail. */
  connect(id: string, listener: Listener): boolean {
    const tail = this.#tails.get(id);
    if (!tail) return false;
    tail.listener?.close();
    tail.listener = listener;
    return true;
  }

  async end(id: string): Promise<void> {
    const tail = this.#tails.get(id);
    if (!tail) return;
    this.#tails.delete(id);
    tail.cancel();
    tail.listener?.close();
    if (this.#tails.size === 0) await this.#options.host.trace(false);
  }

  close(): void {
    for (const { cancel, listener } of this.#tails.values()) {
      cancel();
      listener?.close();
    }
    this.#tails.clear();
  }

  tell({ worker, versionId, item }: TraceEvent): void {
    const listeners = this.of({ name: worker }).filter(({ listener }) => listener !== undefined);
    if (listeners.length === 0) return;
    const message = this.#message(worker, versionId, item);
    const text = JSON.stringify(message);
    for (const { filters, listener } of listeners) {
      if (filters.every((filter) => passes(message, filter, this.#options.random))) listener?.send(text);
    }
  }

  #message(scriptName: string, versionId: string, item: TraceItem): TailMessage {
    const annotations = this.#options.state.versions.get(versionId)?.annotations ?? {};
    const tag = annotations["workers/tag"];
    const message = annotations["workers/message"];
    return {
      ...item,
      scriptName,
      scriptVersion: { id: versionId, ...(tag ? { tag } : {}), ...(message ? { message } : {}) },
    };
  }
}
