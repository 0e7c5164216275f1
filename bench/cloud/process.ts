import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const ROOT = path.resolve(__dirname, "../..");
const START_LIMIT_MS = 60_000;

/** Where a running cloud answers. */
export interface Connection {
  apiUrl: string;
  edgeUrl: string;
  accountId: string;
  apiToken: string;
}

/** MiB, as far as pages are a process's own share (PSS): what a hundred processes have in common counts once. */
export interface Memory {
  /** The process that serves the API and the edge. */
  cloud: number;
  /** All its workerd processes. */
  workerd: number;
  /** How many there are. */
  processes: number;
}

export interface CloudProcess extends Connection {
  /** From the start of the process until its API answers, ms. */
  startMs: number;
  memory: () => Memory;
  stop: () => Promise<void>;
}

/** Runs `wandstore cloud` on a state folder. */
export async function startCloudProcess(stateDir: string): Promise<CloudProcess> {
  const note = path.join(stateDir, "cloud", "running.json");
  rmSync(note, { force: true });
  const begun = performance.now();
  const args = ["bin/wandstore.js", "cloud", "--state-dir", stateDir, "--port", "0", "--api-port", "0"];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  const exited = once(child, "exit");
  while (!existsSync(note)) {
    if (child.exitCode !== null || performance.now() - begun > START_LIMIT_MS) {
      child.kill("SIGKILL");
      throw new Error(`the cloud did not start (exit code ${child.exitCode})`);
    }
    await wait(2);
  }
  const connection = JSON.parse(readFileSync(note, "utf8")) as Connection;
  const headers = { authorization: `Bearer ${connection.apiToken}` };
  const { ok } = await fetch(`${connection.apiUrl}/user/tokens/verify`, { headers });
  if (!ok) throw new Error("the cloud does not answer");
  const processes = path.join(stateDir, "cloud", "data", "processes.json");
  return {
    ...connection,
    startMs: performance.now() - begun,
    memory: () => {
      const { children } = JSON.parse(readFileSync(processes, "utf8")) as { children: { pid: number }[] };
      const workerd = children.map(({ pid }) => shareMib(pid));
      return {
        cloud: shareMib(child.pid!),
        workerd: workerd.reduce((sum, mib) => sum + mib, 0),
        processes: workerd.length,
      };
    },
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/** 0 for a process that has just ended. @throws Error where the system does not tell: only Linux does */
function shareMib(pid: number): number {
  if (process.platform !== "linux") throw new Error("this bench reads /proc: run it on Linux");
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
