/**
 * Ends what nobody uses: a runtime that was idle for so long, and the longest idle ones where there are many. An idle workerd holds
 * some 50 MiB, and is back within half a second.
 */
import type { Clock } from "../clock";
import type { Runtime } from "./runtime";

export interface IdlenessOptions {
  clock: Clock;
  /** How long a runtime may be idle, in milliseconds. */
  idleMs: number;
  /** How many may be idle when another one starts. */
  most: number;
  /** Whether it works, although nobody uses it. */
  isBusy: (runtime: Runtime) => boolean;
  end: (runtime: Runtime) => void;
}

export class Idleness {
  readonly #options: IdlenessOptions;
  /** Since when each is idle; the longest idle one first. One that came into use again is found out when its time has come. */
  readonly #since = new Map<Runtime, number>();
  #cancel: (() => void) | undefined;

  constructor(options: IdlenessOptions) {
    this.#options = options;
  }

  /** A runtime that nobody uses any more. */
  begin(runtime: Runtime): void {
    this.#since.delete(runtime);
    this.#since.set(runtime, this.#now());
    if (this.#cancel === undefined) this.#wait();
  }

  /** Another one starts: ends the longest idle ones where there are more than there may be. */
  makeRoom(): void {
    const idle = [...this.#since.keys()].filter((runtime) => !runtime.inUse && !runtime.ended);
    let spare = idle.length - this.#options.most;
    for (const runtime of idle) {
      if (spare <= 0) return;
      if (this.#options.isBusy(runtime)) continue;
      this.#end(runtime);
      spare -= 1;
    }
  }

  close(): void {
    this.#cancel?.();
    this.#since.clear();
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }

  #wait(): void {
    const [first] = this.#since.values();
    this.#cancel = undefined;
    if (first === undefined) return;
    const left = Math.max(0, first + this.#options.idleMs - this.#now());
    this.#cancel = this.#options.clock.after(left, () => this.#look());
  }

  #look(): void {
    const before = this.#now() - this.#options.idleMs;
    for (const [runtime, since] of this.#since) {
      if (since > before) break;
      if (runtime.inUse || runtime.ended) this.#since.delete(runtime);
      else if (this.#options.isBusy(runtime)) this.begin(runtime); // asked again when it would be its time again
      else this.#end(runtime);
    }
    this.#wait();
  }

  #end(runtime: Runtime): void {
    this.#since.delete(runtime);
    this.#options.end(runtime);
  }
}
