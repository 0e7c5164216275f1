/**
 * A process that is named for good: a pid alone is given again to others.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface ProcessRecord {
  pid: number;
  /** When it started, in the system's own words; empty where the system does not tell (Windows). */
  startedAt: string;
}

const END_DEADLINE_MS = 5_000;

export const recordOf = (pid: number): ProcessRecord => ({ pid, startedAt: startTime(pid) ?? "" });

export const isAlive = ({ pid, startedAt }: ProcessRecord): boolean => startedAt !== "" && startTime(pid) === startedAt;

/** Kills the process, if it is still the same, and waits until it has gone. */
export async function endProcess(record: ProcessRecord): Promise<void> {
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
