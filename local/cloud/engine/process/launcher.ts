/**
 * Containers as child processes: the image's command, on a port of its own, with nothing of the developer's environment.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ContainerImage, UnpackedImage } from "../image";
import { portOf, type Launch, type Launched, type Launcher } from "../launcher";
import { processCommand } from "./command";
import { FreePorts } from "./freePorts";

/** A process group of its own: a Ctrl-C does not reach it, and what it starts ends with it. Windows has none. */
const OWN_GROUP = process.platform !== "win32";
/** Exit codes of a process ended by a signal, as a shell and Docker count them. */
const SIGNAL_EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGINT: 130, SIGKILL: 137 };

export class ProcessLauncher implements Launcher {
  readonly #track: (child: ChildProcess) => void;
  readonly #ports = new FreePorts();

  /** @param track hears of each child process, so that none outlives this one */
  constructor(track: (child: ChildProcess) => void) {
    this.#track = track;
  }

  prepare(): void {}

  async launch({ image, request, log }: Launch): Promise<Launched> {
    assertUnpacked(image);
    const outside = await this.#ports.take();
    try {
      const { file, args, cwd, env } = processCommand(image, request, outside);
      const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
      const child = spawn(file, args, { cwd, env, stdio, detached: OWN_GROUP, windowsHide: true });
      this.#track(child);
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", log);
      const ended = this.#end(child, outside);
      await once(child, "spawn");
      const inside = portOf(image, request);
      return {
        address: (port) => ((inside ?? port) === port ? { host: "127.0.0.1", port: outside } : undefined),
        signal: (signal) => send(child, signal),
        ended,
      };
    } catch (error) {
      this.#ports.giveBack(outside);
      throw error;
    }
  }

  async close(): Promise<void> {}

  #end(child: ChildProcess, port: number): Promise<number> {
    return new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        send(child, "SIGKILL"); // to what it has started, as the end of a container's first process does
        this.#ports.giveBack(port);
        resolve(code ?? SIGNAL_EXIT_CODES[signal ?? "SIGKILL"] ?? 137);
      });
    });
  }
}

function assertUnpacked(image: ContainerImage): asserts image is UnpackedImage {
  if (!("rootDir" in image))
    throw new Error(`image ${image.ref} is not unpacked, so no process can be started from it`);
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
