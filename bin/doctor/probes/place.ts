import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { findCloud } from "../../../local/cloud/find";
import { API_PORT, EDGE_PORT } from "../../options";
import { finding, type Finding } from "../finding";
import type { Use } from "../use";
import { readJson, type World } from "../world";

const MIB = 1024 * 1024;
/** A deployment with its image and bundles takes about a tenth of it. */
const LEAST_DISK_MIB = 500;
const ENOUGH_DISK_MIB = 2_000;
/** As in local/deploy/state/stateFile: a lock that nobody renewed for this long is nobody's. */
const LOCK_STALE_MS = 8_000;

const isLocal = ({ stack }: Use): boolean => stack === undefined || stack.embedded;

/** Whether the embedded cloud can listen where it does by default. */
export async function ports(
  { stateDir }: World,
  use: Use,
  wanted: { edge: number; api: number } = { edge: EDGE_PORT, api: API_PORT },
): Promise<Finding[]> {
  const running = await findCloud(stateDir);
  const ours = new Set([running?.apiUrl, running?.edgeUrl].map((url) => Number(URL.parse(url ?? "")?.port)));
  const look = async (name: string, port: number, flag: string): Promise<Finding> => {
    const free = await isFree(port);
    const mine = ours.has(port);
    const found = free
      ? "free"
      : mine
        ? "the embedded cloud of this state folder is on it"
        : "another program is on it";
    const what = { name: `port ${port}`, for: name, needed: isLocal(use) && running === undefined };
    return finding(what, {
      ok: free || mine,
      found,
      get: `stop that program, or choose another: npm start -- ${flag} 0`,
    });
  };
  return Promise.all([
    look("the shops of npm start", wanted.edge, "--port"),
    look("the API of the embedded cloud", wanted.api, "--api-port"),
  ]);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Whether state can be written, and whether somebody else is at it. */
export async function stateFolder({ stateDir }: World, use: Use, now: number = Date.now()): Promise<Finding> {
  const what = { name: "state folder", for: "what is deployed to the embedded cloud", needed: isLocal(use) };
  const no = (found: string, get: string): Finding => finding(what, { ok: false, found, get });
  const there = nearest(stateDir);
  try {
    accessSync(there, constants.W_OK);
    if (!statSync(there).isDirectory()) throw new Error("no folder");
  } catch {
    return no(
      `${there} is no folder that can be written`,
      "give yourself the right to write, or name another with --state-dir",
    );
  }
  const { pid } = (readJson(path.join(stateDir, "cloud/running.json")) ?? {}) as { pid?: number };
  const cloud = await findCloud(stateDir);
  if (cloud === undefined && pid !== undefined && lives(pid)) {
    return no(
      `process ${pid} holds it and does not answer`,
      `stop process ${pid}, or name another folder with --state-dir`,
    );
  }
  const busy = lockedStacks(stateDir, now);
  if (busy.length > 0) {
    const found = `stack ${busy.join(", ")} is being deployed`;
    return { ...no(found, "wait until that has ended"), status: "missing" };
  }
  const how = cloud === undefined ? "can be written" : `an embedded cloud runs on it (${cloud.apiUrl})`;
  return finding(what, { ok: true, found: `${stateDir}: ${there === stateDir ? how : "can be made"}`, get: "" });
}

function lockedStacks(stateDir: string, now: number): string[] {
  const folder = path.join(stateDir, "stacks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const stack = /^(.+)\.json\.lock$/.exec(file)?.[1];
    return stack !== undefined && now - statSync(path.join(folder, file)).mtimeMs < LOCK_STALE_MS ? [stack] : [];
  });
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** How much room is left where state and bundles go. */
export async function diskSpace(
  { stateDir }: World,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<Finding> {
  const mib = Math.floor((await free(nearest(stateDir))) / MIB);
  return finding(
    { name: "disk space", for: "images, bundles and state", needed: mib < LEAST_DISK_MIB },
    {
      ok: mib >= ENOUGH_DISK_MIB,
      found: `${mib} MiB free`,
      get: `have ${ENOUGH_DISK_MIB} MiB free; .build and .wandstore of stacks you do not need can go`,
    },
  );
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The folder, or the nearest above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearest(path.dirname(folder));
}
