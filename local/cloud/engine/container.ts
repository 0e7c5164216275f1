/**
 * A container of the engine, from create to removal, whatever runs in it.
 */
import type { ContainerImage } from "./image";
import type { Address, Launched } from "./launcher";

export type ContainerState = "created" | "running" | "exited";

export interface ContainerOptions {
  name: string;
  image: ContainerImage;
  launch: () => Promise<Launched>;
  /** How long the process has after SIGTERM before SIGKILL, in milliseconds. */
  stopGraceMs: number;
}

export class Container {
  readonly name: string;
  readonly image: ContainerImage;
  state: ContainerState = "created";
  /** 0 until the process ends; then its code, or 128 + the signal's number. */
  exitCode = 0;
  startedAt: Date | undefined;
  /** Set instead of a process where the namespace may run no more of them. */
  refusal: string | undefined;

  readonly #options: ContainerOptions;
  readonly #ended: Promise<void>;
  #resolveEnded = () => {};
  #launched: Launched | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  /** A signal that came before the process did. */
  #early: NodeJS.Signals | undefined;

  constructor(options: ContainerOptions) {
    this.#options = options;
    this.name = options.name;
    this.image = options.image;
    this.#ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Starts the process; resolves when it runs, not when it listens. Rejects where it cannot be started. */
  async start(): Promise<void> {
    this.state = "running";
    this.startedAt = new Date();
    try {
      const launched = await this.#options.launch();
      this.#launched = launched;
      void launched.ended.then((code) => this.#end(code));
      if (this.#early !== undefined) launched.signal(this.#early);
    } catch (error) {
      this.#end(127);
      throw error;
    }
  }

  /** Where one of its ports is reached now; undefined where nothing can listen there. */
  address(port: number): Address | undefined {
    return this.state === "running" ? this.#launched?.address(port) : undefined;
  }

  /** Ends the container without a process; `wait` then tells the reason. */
  refuse(reason: string): void {
    this.refusal = reason;
    this.#end(125);
  }

  /** Resolves with the exit code when the process has ended. */
  async wait(): Promise<number> {
    await this.#ended;
    return this.exitCode;
  }

  /** Sends a signal; SIGTERM is followed by SIGKILL after the grace. False where no process runs. */
  signal(signal: NodeJS.Signals): boolean {
    if (this.state !== "running") return false;
    if (this.#launched === undefined) this.#early = signal;
    else this.#launched.signal(signal);
    if (signal === "SIGTERM") {
      this.#killTimer ??= setTimeout(() => this.signal("SIGKILL"), this.#options.stopGraceMs);
      this.#killTimer.unref();
    }
    return true;
  }

  /** Ends the process, at once or with the grace, and waits until it has gone. */
  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.signal(signal)) await this.#ended;
    else if (this.state === "created") this.#end(0);
  }

  #end(code: number): void {
    if (this.state === "exited") return;
    clearTimeout(this.#killTimer);
    this.exitCode = code;
    this.state = "exited";
    this.#resolveEnded();
  }
}
