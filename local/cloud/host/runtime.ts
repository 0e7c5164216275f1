/**
 * One workerd that runs a group as planned. It starts once and stops once; a changed plan is another runtime on the same data.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Miniflare, type MiniflareOptions } from "miniflare";
import type { GroupPlan } from "./plan";

const EXIT_SIGNALS = ["SIGINT", "SIGTERM"] as const;
const START_DEADLINE_MS = 30_000;
/** How long requests in flight may go on before the runtime is stopped under them. */
export const DRAIN_MS = 10_000;

export interface RuntimeOptions {
  plan: GroupPlan;
  /** Called once, when all data of the plan is free to be opened. */
  options: () => Promise<MiniflareOptions>;
  /** Runs the start when it is its turn, and takes note of the process. */
  inTurn: <T>(start: () => Promise<T>) => Promise<T>;
  /** Called whenever nobody uses it any more. */
  onIdle: () => void;
}

export class Runtime {
  readonly plan: GroupPlan;
  /** Resolves when the Workers answer; rejects where they cannot be started. */
  readonly ready: Promise<Miniflare>;
  /** True from the moment it must be used no more. */
  ended = false;

  readonly #onIdle: () => void;
  #users = 0;
  #guests = 0;
  /** Called when the last user leaves; set by whoever waits for it. */
  #onEmpty = () => {};
  #stopped: Promise<void> | undefined;

  constructor({ plan, options, inTurn, onIdle }: RuntimeOptions) {
    this.plan = plan;
    this.#onIdle = onIdle;
    this.ready = options().then((made) => inTurn(() => this.#start(made)));
    this.ready.catch(() => (this.ended = true)); // whoever uses it hears the reason; the next use starts another
  }

  /** Counts a user in, so that the runtime does not stop before it has left. The answer is called to leave. */
  enter(): () => void {
    this.#users += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#onEmpty();
      if (!this.inUse) this.#onIdle();
    };
  }

  /** Counts somebody in for whom a replacement does not wait, but an end for want of use does. The answer is called to leave. */
  stay(): () => void {
    this.#guests += 1;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#guests -= 1;
      if (!this.inUse) this.#onIdle();
    };
  }

  get inUse(): boolean {
    return this.#users + this.#guests > 0;
  }

  /** Lets users leave for a bounded time, then ends workerd. Resolves when the data is free. */
  stop(drainMs: number): Promise<void> {
    this.ended = true;
    this.#stopped ??= this.#stop(drainMs);
    return this.#stopped;
  }

  async #start(options: MiniflareOptions): Promise<Miniflare> {
    const miniflare = withoutSignalHandlers(() => new Miniflare(options));
    const deadline = new AbortController();
    const late = delay(START_DEADLINE_MS, undefined, { signal: deadline.signal, ref: false }).then(() => {
      throw new Error(`workerd did not start within ${START_DEADLINE_MS / 1000} s`);
    });
    try {
      await Promise.race([miniflare.ready, late]);
      return miniflare;
    } catch (error) {
      await miniflare.dispose().catch(() => {}); // it says again that it could not start
      throw new Error(startFailure(error), { cause: error });
    } finally {
      late.catch(() => {});
      deadline.abort();
    }
  }

  async #stop(drainMs: number): Promise<void> {
    const started = await this.ready.catch(() => undefined);
    if (started === undefined) return;
    if (this.#users > 0) {
      const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
      await Promise.race([empty, delay(drainMs, undefined, { ref: false })]);
    }
    await started.dispose();
  }
}

/** Miniflare would end this whole process at a signal, before the host can close; its hook on the exit stays. */
function withoutSignalHandlers<T>(construct: () => T): T {
  const before = EXIT_SIGNALS.map((signal) => process.listeners(signal));
  const made = construct();
  for (const [index, signal] of EXIT_SIGNALS.entries()) {
    const added = process.listeners(signal).filter((listener) => !before[index]?.includes(listener));
    for (const listener of added) process.off(signal, listener);
  }
  return made;
}

/** What workerd wrote when it failed, where it wrote something: Miniflare's error has it as lines of JSON. */
function startFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const written = text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [(JSON.parse(line) as { message: string }).message];
    } catch {
      return []; // cut off in the middle
    }
  });
  return written.length > 0 ? written.join("\n") : text;
}
