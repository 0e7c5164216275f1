import { setImmediate as afterMicrotasks } from "node:timers/promises";
import * as runtime from "@pulumi/pulumi/runtime";
import { DeployError, messageOf } from "../errors";
import type { OnEvent } from "../events";
import type { Functions } from "../handlers/handler";
import { Monitor, type MonitoredEngine } from "./monitor";
import { currentStore, newStore, runIn, waitingResources, type ProgramStore } from "./sdk";
import { leaveOutPromiseTraces } from "./traces";

/** A program waits for nothing of ours and declares nothing for this long: it never will. */
const STUCK_AFTER_MS = 60_000;

/** Builds the resources and answers with the stack's outputs, as the module of a Pulumi program does. */
export type Program = () => unknown;

export interface RunOptions {
  project: string;
  stack: string;
  preview: boolean;
  /** Values by full key (`wandstore:pool`); objects as JSON. */
  config: Record<string, string>;
  secretKeys: string[];
  engine: MonitoredEngine;
  functions: Functions;
  onEvent: OnEvent;
  signal?: AbortSignal | undefined;
  stuckAfterMs?: number | undefined;
}

/** Programs of this process, to tell their unhandled rejections from anyone else's. */
const programs = new WeakMap<ProgramStore, (error: unknown) => void>();

/**
 * Runs a program to its end against an engine. Each run has a store of its own, so that programs can run one after the
 * other, or side by side, in one process. Whatever the program throws, at once or later in an `apply`, comes out as one
 * DeployError; calls that are in the engine at that time are waited for.
 */
export async function runProgram(program: Program, options: RunOptions): Promise<void> {
  watchRejections();
  leaveOutPromiseTraces();
  const store = newStore();
  const ended = deferred();
  const idle = new Idle();
  const watchdog = new Watchdog(options.stuckAfterMs ?? STUCK_AFTER_MS, () => ended.reject(stuck(store)));
  const fail = (error: unknown): void => ended.reject(error);
  const monitor = new Monitor({
    ...options,
    onFailure: fail,
    onActivity: (inFlight) => {
      idle.set(inFlight);
      watchdog.set(inFlight === 0);
    },
  });
  const interrupt = (): void => fail(new DeployError("INTERRUPTED", "stopped; the state holds what was made so far"));
  options.signal?.addEventListener("abort", interrupt);
  if (options.signal?.aborted === true) interrupt();
  programs.set(store, fail);
  const run = runIn(store, async () => {
    const preview = options.preview;
    runtime.setMockOptions(monitor, options.project, options.stack, preview);
    store.settings.engine = monitor;
    runtime.setAllConfig(options.config, options.secretKeys);
    await runtime.runInPulumiStack(async () => program());
    await runtime.disconnect();
    // Node tells of rejections that nobody handled only after the microtasks: without a pause the program would count as
    // well ended before its error is heard.
    await afterMicrotasks();
  });
  run.then(ended.resolve, fail);
  try {
    await ended.promise;
  } catch (error) {
    monitor.abandon();
    throw asDeployError(error);
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
    await idle.reached();
    watchdog.stop();
  }
}

function asDeployError(error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  return new DeployError("PROGRAM_FAILED", messageOf(error), { cause: error });
}

function stuck(store: ProgramStore): DeployError {
  const who = waitingResources(store).join(", ") || "one of its outputs";
  return new DeployError("PROGRAM_STUCK", `the program waits for something that never comes, in ${who}`);
}

let watching = false;

/**
 * Takes up rejections that nobody handles, which is how errors inside an `apply` surface. Those of programs go to their
 * run, or nowhere when the run has ended; all others end the process, as they would without this listener.
 */
function watchRejections(): void {
  if (watching) return;
  watching = true;
  process.on("unhandledRejection", (error) => {
    const store = currentStore();
    const fail = store === undefined ? undefined : programs.get(store);
    if (fail !== undefined) fail(error);
    else if (process.listenerCount("unhandledRejection") === 1) throw error;
  });
}

interface Deferred {
  promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

function deferred(): Deferred {
  let settle: Omit<Deferred, "promise">;
  const promise = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

/** Tells when no call is in the engine any more. */
class Idle {
  #busy: Deferred | undefined;

  set(inFlight: number): void {
    if (inFlight > 0) this.#busy ??= deferred();
    else {
      this.#busy?.resolve();
      this.#busy = undefined;
    }
  }

  async reached(): Promise<void> {
    await this.#busy?.promise;
  }
}

/** Calls back when it was armed for the whole limit. */
class Watchdog {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly limitMs: number,
    private readonly expired: () => void,
  ) {
    this.set(true);
  }

  set(armed: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = armed && !this.#stopped ? setTimeout(this.expired, this.limitMs) : undefined;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
