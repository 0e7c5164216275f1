/**
 * The child processes of a host, so that none outlives it. They are written to a file, and the next host on the same data ends
 * what a killed one left; where there is a shell, a reaper that holds the other end of a pipe does so at once.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sync as writeFileAtomicSync } from "write-file-atomic";

interface ProcessRecord {
  pid: number;
  /** When it started, in the system's own words: with the pid it names one process for good. */
  startedAt: string;
}

interface LedgerFile {
  owner?: ProcessRecord;
  children: ProcessRecord[];
}

const END_DEADLINE_MS = 5_000;
/** Learns pids by lines `+ pid` and `- pid`; when its input ends, whoever is left is killed. */
const REAPER = `trap '' INT TERM HUP; pids=' '
while read -r op pid; do case $op in
  +) pids="$pids$pid " ;;
  -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
esac; done
for pid in $pids; do kill -KILL "$pid"; done`;

export class ProcessLedger {
  readonly #file: string;
  readonly #children = new Map<number, ProcessRecord>();
  readonly #reaper: ChildProcess | undefined;
  readonly #onSpawn = (message: unknown) => this.#adopt((message as { process: ChildProcess }).process);

  private constructor(file: string) {
    this.#file = file;
    this.#reaper = process.platform === "win32" ? undefined : startReaper();
    this.#write();
    // Miniflare does not tell the process that it starts; Node does, for each that is started here.
    subscribe("child_process", this.#onSpawn);
  }

  /**
   * Ends what an earlier host left behind and starts a record of one's own.
   * @throws Error with code EBUSY where a host that still runs owns the record
   */
  static async open(file: string): Promise<ProcessLedger> {
    const { owner, children } = readLedger(file);
    if (owner !== undefined && isAlive(owner)) {
      const message = `process ${owner.pid} runs a host on ${path.dirname(file)}: stop it, or use another folder`;
      throw Object.assign(new Error(message), { code: "EBUSY" });
    }
    await Promise.all(children.map(endProcess));
    return new ProcessLedger(file);
  }

  /** Records a child process until it ends. */
  track(child: ChildProcess): void {
    const { pid } = child;
    if (pid === undefined || this.#children.has(pid)) return;
    this.#children.set(pid, { pid, startedAt: startTime(pid) ?? "" });
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
    unsubscribe("child_process", this.#onSpawn);
    await Promise.all([...this.#children.values()].map(endProcess));
    rmSync(this.#file, { force: true });
    if (this.#reaper?.exitCode !== null) return;
    this.#reaper.stdin?.end();
    await once(this.#reaper, "exit");
  }

  #adopt(child: ChildProcess): void {
    child.once("spawn", () => {
      if (path.basename(child.spawnfile).startsWith("workerd")) this.track(child);
    });
  }

  #tell(line: string): void {
    this.#reaper?.stdin?.write(`${line}\n`);
  }

  #write(): void {
    const own: LedgerFile = {
      owner: { pid: process.pid, startedAt: startTime(process.pid) ?? "" },
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

const isAlive = ({ pid, startedAt }: ProcessRecord): boolean => startedAt !== "" && startTime(pid) === startedAt;

async function endProcess(record: ProcessRecord): Promise<void> {
  const deadline = Date.now() + END_DEADLINE_MS;
  if (isAlive(record)) process.kill(record.pid, "SIGKILL");
  while (isAlive(record)) {
    if (Date.now() > deadline) throw new Error(`process ${record.pid} does not end: end it by hand`);
    await delay(10);
  }
}

/** When a process started; undefined where it is gone, a zombie, or the system does not tell (Windows). */
function startTime(pid: number): string | undefined {
  try {
    if (process.platform === "linux") {
      const [state, ...rest] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      return state === "Z" ? undefined : rest[18]; // field 22 of proc(5), "starttime"
    }
    if (process.platform === "win32") return undefined;
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}
