import { readdirSync, readFileSync } from "node:fs";

const SAMPLE_MS = 500;
/** What Linux counts a process's time in, on every machine that Node runs on. */
const TICKS_A_SECOND = 100;

/** Time of processors that a process has taken, seconds; undefined where it is gone, or the system does not tell. */
function processorSeconds(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}

/** Memory that a process holds by itself, MiB; undefined where it is gone, or the system does not tell. */
function residentMib(pid: number): number | undefined {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kib === undefined ? undefined : Math.round(Number(kib) / 1024);
  } catch {
    return undefined;
  }
}

export interface Seen {
  /** MiB, in the order of time. */
  readonly memory: readonly number[];
  /** Seconds of processors, up to the last look. */
  readonly processor: number | undefined;
}

/** Looks at a process from time to time, until it is told to stop. */
export function watch(pid: number): { stop(): Seen } {
  const memory: number[] = [];
  let processor: number | undefined;
  const timer = setInterval(() => {
    const mib = residentMib(pid);
    if (mib !== undefined) memory.push(mib);
    processor = processorSeconds(pid) ?? processor;
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return { memory, processor };
    },
  };
}

/** A process and all that come from it. */
export function treeOf(root: number): number[] {
  const parents = processes();
  const tree = [root];
  for (const pid of tree) tree.push(...[...parents].flatMap(([child, parent]) => (parent === pid ? [child] : [])));
  return tree;
}

/** What processes hold together, MiB; what they share counts for each of them. Null where the system does not tell. */
export function memoryOf(pids: readonly number[]): number | null {
  const each = pids.flatMap((pid) => residentMib(pid) ?? []);
  return each.length === 0 ? null : each.reduce((sum, mib) => sum + mib, 0);
}

/** The parent of each process. */
function processes(): Map<number, number> {
  const parents = new Map<number, number>();
  let names: string[] = [];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return parents; // only Linux tells
  }
  for (const name of names) {
    try {
      const [, parent] = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, "utf8")) ?? [];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    } catch {
      // it has ended meanwhile
    }
  }
  return parents;
}
