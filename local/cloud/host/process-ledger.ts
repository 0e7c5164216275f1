/**
 * The child processes of a host, so that none outlives it. They are written to a file, and the next host on the same data ends
 * what a killed one left; where there is a shell, a reaper that holds the other end of a pipe does so at once.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { spawn, type ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { sync as writeFileAtomicSync } from "write-file-atomic";
import { endProcess, isAlive, recordOf, type ProcessRecord } from "./process-record";

interface LedgerFile {
  owner?: ProcessRecord;
  children: ProcessRecord[];
}

/** Learns pids by lines `+ pid` and `- pid`; when its input ends, whoever is left is killed. */
const REAPER = `trap '' INT TERM HUP; pids=' '
while read -r op pid; do case $op in
  +) pids="$pids$pid " ;;
  -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
esac; done
for pid in $pids; do kill -KILL "-$pid" 2>/dev/null || kill -KILL "$pid"; done`;

/** The ledger on whose behalf code runs. */
const context = new AsyncLocalStorage<ProcessLedger>();

export class ProcessLedger {
  readonly #file: string;
  readonly #children = new Map<number, ProcessRecord>();
  readonly #reaper: ChildProcess | undefined;
  readonly #onChild = (message: unknown) => {
    const child = (message as { process: ChildProcess }).process;
    if (context.getStore() === this) child.once("spawn", () => this.track(child));
  };

  private constructor(file: string) {
    this.#file = file;
    this.#reaper = process.platform === "win32" ? undefined : startReaper();
    this.#write();
    subscribe("child_process", this.#onChild);
  }

  /**
   * Ends what an earlier host left behind and starts a record of one's own.
   * @throws Error with code EBUSY where a host that still runs owns the record
   */
  static async open(file: string): Promise<ProcessLedger> {
    const owner = ProcessLedger.owner(file);
    if (owner !== undefined) {
      const message = `process ${owner} runs a host on ${path.dirname(file)}: stop it, or use another folder`;
      throw Object.assign(new Error(message), { code: "EBUSY" });
    }
    await Promise.all(readLedger(file).children.map(endProcess));
    return new ProcessLedger(file);
  }

  /** The process that runs a host with this ledger; undefined where none does. */
  static owner(file: string): number | undefined {
    const { owner } = readLedger(file);
    return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
  }

  /** Records every process that `start` sets off, now or later: Miniflare does not tell of the workerd that it starts. */
  watch<T>(start: () => T): T {
    return context.run(this, start);
  }

  /** Records a child process until it ends. */
  track(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined || this.#children.has(pid)) return;
    this.#children.set(pid, recordOf(pid));
    this.#tell(`+ ${pid}`);
    child.once("exit", () => {
      this.#children.delete(pid);
      this.#tell(`- ${pid}`);
      this.#write();
    });
    this.#write();
  }

  /** Closes the record of a host whose children have all ended; those that have not are killed. */
  async close(): Promise<void> {
    unsubscribe("child_process", this.#onChild);
    await Promise.all([...this.#children.values()].map(endProcess));
    rmSync(this.#file, { force: true });
    if (this.#reaper?.exitCode !== null) return;
    this.#reaper.ref(); // while it is waited for, it is a reason to go on
    this.#reaper.stdin?.end();
    await once(this.#reaper, "exit");
  }

  #tell(line: string): void {
    this.#reaper?.stdin?.write(`${line}\n`);
  }

  #write(): void {
    const own: LedgerFile = {
      owner: recordOf(process.pid),
      children: [...this.#children.values()],
    };
    mkdirSync(path.dirname(this.#file), { recursive: true });
    writeFileAtomicSync(this.#file, JSON.stringify(own), { mode: 0o600, fsync: false });
  }
}

function startReaper(): ChildProcess {
  // Detached: the signal of a Ctrl-C to the terminal's group must not end it before its master.
  const reaper = spawn("/bin/sh", ["-c", REAPER], { detached: true, stdio: ["pipe", "ignore", "ignore"], env: {} });
  reaper.on("error", () => {}); // without a shell the file alone remains
  reaper.stdin.on("error", () => {});
  reaper.unref();
  (reaper.stdin as unknown as { unref(): void }).unref();
  return reaper;
}

/** A ledger that cannot be read is taken as empty: it names processes, no data. */
function readLedger(file: string): LedgerFile {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LedgerFile;
  } catch {
    return { children: [] };
  }
}
