/**
 * A container of the engine: one child process, from create to removal.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ContainerPorts, ProcessCommand } from "./command";

export type ContainerState = "created" | "running" | "exited";

/** How long a process has after SIGTERM before SIGKILL. Cloudflare waits 15 minutes; a developer does not. */
const STOP_GRACE_MS = 10_000;
/** Exit codes of a process ended by a signal, as a shell and Docker count them. */
const SIGNAL_EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGINT: 130, SIGKILL: 137 };

export interface ContainerOptions {
  name: string;
  imageRef: string;
  /** Prepared only when the container starts, so that a port is taken no sooner. */
  prepare: () => Promise<{ command: ProcessCommand; ports: ContainerPorts }>;
  /** One line of the process's output. */
  log: (line: string) => void;
  /** Hears of each child process, so that none outlives this one. */
  track: (child: ChildProcess) => void;
}

export class ProcessContainer {
  readonly name: string;
  readonly imageRef: string;
  state: ContainerState = "created";
  /** 0 until the process ends; then its code, or 128 + the signal's number. */
  exitCode = 0;
  startedAt: Date | undefined;
  ports: ContainerPorts | undefined;
  /** Set instead of a process where the namespace may run no more of them. */
  refusal: string | undefined;

  readonly #options: ContainerOptions;
  readonly #ended: Promise<void>;
  #resolveEnded = () => {};
  #child: ChildProcess | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  /** A signal that came before the process did. */
  #early: NodeJS.Signals | undefined;

  constructor(options: ContainerOptions) {
    this.#options = options;
    this.name = options.name;
    this.imageRef = options.imageRef;
    this.#ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** Starts the process; resolves when it runs, not when it listens. Rejects where it cannot be started. */
  async start(): Promise<void> {
    this.state = "running";
    this.startedAt = new Date();
    try {
      const { command, ports } = await this.#options.prepare();
      const child = spawn(command.file, command.args, {
        cwd: command.cwd,
        env: command.env,
        stdio: ["ignore", "pipe", "pipe"],
        windowsHide: true,
      });
      this.#options.track(child);
      this.#child = child;
      this.ports = ports;
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => this.#options.log(line));
      }
      child.once("exit", (code, signal) => this.#end(code ?? SIGNAL_EXIT_CODES[signal ?? "SIGKILL"] ?? 137));
      await once(child, "spawn");
      child.on("error", (error) => this.#options.log(error.message)); // a signal that could not be sent
      if (this.#early !== undefined) child.kill(this.#early);
    } catch (error) {
      this.#end(127);
      throw error;
    }
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
    if (this.#child === undefined) this.#early = signal;
    else this.#child.kill(signal);
    if (signal === "SIGTERM") {
      this.#killTimer ??= setTimeout(() => this.#child?.kill("SIGKILL"), STOP_GRACE_MS);
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
