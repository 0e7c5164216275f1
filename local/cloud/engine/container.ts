/**
 * A container of the engine: one child process, from create to removal.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ContainerPorts, ProcessCommand } from "./command";
import type { ContainerImage } from "./image";

export type ContainerState = "created" | "running" | "exited";

/** A process group of its own: a Ctrl-C does not reach it, and what it starts ends with it. Windows has none. */
const OWN_GROUP = process.platform !== "win32";
/** Exit codes of a process ended by a signal, as a shell and Docker count them. */
const SIGNAL_EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGINT: 130, SIGKILL: 137 };

export interface ContainerOptions {
  name: string;
  image: ContainerImage;
  /** Prepared only when the container starts, so that a port is taken no sooner. */
  prepare: () => Promise<{ command: ProcessCommand; ports: ContainerPorts }>;
  /** One line of the process's output. */
  log: (line: string) => void;
  /** Hears of each child process, so that none outlives this one. */
  track: (child: ChildProcess) => void;
  /** How long the process has after SIGTERM before SIGKILL, in milliseconds. */
  stopGraceMs: number;
}

export class ProcessContainer {
  readonly name: string;
  readonly image: ContainerImage;
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
    this.image = options.image;
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
        detached: OWN_GROUP,
        windowsHide: true,
      });
      this.#options.track(child);
      this.#child = child;
      this.ports = ports;
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => this.#options.log(line));
      }
      child.once("exit", (code, signal) => {
        send(child, "SIGKILL"); // to what it has started, as the end of a container's first process does
        this.#end(code ?? SIGNAL_EXIT_CODES[signal ?? "SIGKILL"] ?? 137);
      });
      await once(child, "spawn");
      if (this.#early !== undefined) send(child, this.#early);
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
    else send(this.#child, signal);
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

/** Signals a process and all that it has started; nothing happens where they are gone. */
function send(child: ChildProcess, signal: NodeJS.Signals): void {
  const pid = child.pid ?? 0;
  try {
    process.kill(OWN_GROUP ? -pid : pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
