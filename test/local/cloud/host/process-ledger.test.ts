import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { ProcessLedger } from "../../../../local/cloud/host/process-ledger";
import { recordOf, type ProcessRecord } from "../../../../local/cloud/host/process-record";

const ROOT = path.resolve(__dirname, "../../../..");
const SLEEPER = ["-e", "setInterval(() => {}, 1000)"];

let folder: string;
let file: string;
const sleepers: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "ledger-test-"));
  file = path.join(folder, "processes.json");
});
afterEach(async () => {
  for (const sleeper of sleepers.splice(0)) sleeper.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function startSleeper(): Promise<ChildProcess> {
  const child = spawn(process.execPath, SLEEPER, { stdio: "ignore" });
  sleepers.push(child);
  await once(child, "spawn");
  return child;
}

const isRunning = (pid: number): boolean => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

async function allGone(pids: number[]): Promise<void> {
  for (const deadline = Date.now() + 30_000; pids.some(isRunning);) {
    if (Date.now() > deadline) throw new Error(`still running: ${pids.filter(isRunning).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The ledger as a host leaves it that was killed together with its reaper. */
async function leaveBehind(child: ProcessRecord): Promise<void> {
  const owner = { pid: process.pid, startedAt: "0" };
  await writeFile(file, JSON.stringify({ owner, children: [child] }));
}

test("opening a ledger ends the processes that an earlier host left", async () => {
  const child = await startSleeper();
  const ended = once(child, "exit");
  await leaveBehind(recordOf(child.pid ?? 0));
  const ledger = await ProcessLedger.open(file);
  expect((await ended)[1]).toBe("SIGKILL");
  await ledger.close();
  expect(existsSync(file)).toBe(false);
});

test("a process that only has the pid of one left behind is spared", async () => {
  const child = await startSleeper();
  await leaveBehind({ pid: child.pid ?? 0, startedAt: "1" });
  await (await ProcessLedger.open(file)).close();
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

test("a ledger that a running host owns is refused, and one that is damaged is taken as empty", async () => {
  const ledger = await ProcessLedger.open(file);
  await expect(ProcessLedger.open(file)).rejects.toMatchObject({
    code: "EBUSY",
    message: expect.stringContaining(folder),
  });
  await ledger.close();
  await writeFile(file, "{");
  await (await ProcessLedger.open(file)).close();
});

/** A host in a process of its own, with a workerd; it closes at SIGTERM. */
async function startHostProcess(): Promise<{ host: ChildProcess; children: number[] }> {
  const outfile = path.join(folder, "host.cjs");
  const contents = `
    import { startHost } from "./local/cloud/host";
    startHost({ dataDir: ${JSON.stringify(folder)}, edgePort: 0, log: () => {} }).then(async (host) => {
      process.once("SIGTERM", () => void host.close());
      await (await host.kv("a")).put("key", "value");
      console.log("ready");
    });`;
  await build({ stdin: { contents, resolveDir: ROOT }, bundle: true, platform: "node", packages: "external", outfile });
  const env = { PATH: process.env.PATH, NODE_PATH: path.join(ROOT, "node_modules") };
  const host = spawn(process.execPath, [outfile], { env, stdio: ["ignore", "pipe", "inherit"] });
  sleepers.push(host);
  await once(createInterface({ input: host.stdout }), "line");
  const { children } = JSON.parse(readFileSync(file, "utf8")) as { children: ProcessRecord[] };
  expect(children).toHaveLength(1);
  return { host, children: children.map(({ pid }) => pid) };
}

const onLinux = existsSync("/proc/self/stat") ? test : test.skip;
onLinux("when a host is killed, its workerd ends with it, and another can start (needs /proc to see it)", async () => {
  const { host, children } = await startHostProcess();
  host.kill("SIGKILL");
  await once(host, "exit");
  await allGone(children);
  await (await ProcessLedger.open(file)).close();
});

onLinux("a host that closes at SIGTERM leaves nothing that keeps its process running (needs /proc)", async () => {
  const { host, children } = await startHostProcess();
  host.kill("SIGTERM");
  expect(await once(host, "exit")).toEqual([0, null]);
  await allGone(children);
  expect(existsSync(file)).toBe(false);
});
