import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { ProcessLedger } from "../../../../local/cloud/host/process-ledger";

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

async function sleeper(): Promise<ChildProcess> {
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
  for (const deadline = Date.now() + 8_000; pids.some(isRunning);) {
    if (Date.now() > deadline) throw new Error(`still running: ${pids.filter(isRunning).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The ledger as a host leaves it that was killed with its reaper. */
async function leaveBehind(child: ChildProcess, startedAt?: string): Promise<void> {
  const ledger = await ProcessLedger.open(path.join(folder, "other.json"));
  ledger.track(child);
  const left = JSON.parse(readFileSync(path.join(folder, "other.json"), "utf8"));
  left.owner.startedAt = "0";
  if (startedAt !== undefined) left.children[0].startedAt = startedAt;
  await writeFile(file, JSON.stringify(left));
}

test("opening a ledger ends the processes that an earlier host left", async () => {
  const child = await sleeper();
  const ended = once(child, "exit");
  await leaveBehind(child);
  const ledger = await ProcessLedger.open(file);
  expect((await ended)[1]).toBe("SIGKILL");
  await ledger.close();
  expect(existsSync(file)).toBe(false);
});

test("a process that only has the pid of one left behind is spared", async () => {
  const child = await sleeper();
  await leaveBehind(child, "1");
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

const hasProc = existsSync("/proc/self/stat");
(hasProc ? test : test.skip)(
  "when a host is killed, its workerd and its containers end with it, and another can start",
  async () => {
    const script = path.join(folder, "host.cjs");
    const contents = `
    import { startHost } from "./local/cloud/host";
    import { spawn } from "node:child_process";
    startHost({ dataDir: ${JSON.stringify(folder)}, edgePort: 0, log: () => {} }).then(async (host) => {
      await (await host.kv("a")).put("key", "value");
      console.log("ready");
    });`;
    await build({
      stdin: { contents, resolveDir: ROOT },
      bundle: true,
      platform: "node",
      packages: "external",
      outfile: script,
    });
    const env = { PATH: process.env.PATH, NODE_PATH: path.join(ROOT, "node_modules") };
    const host = spawn(process.execPath, [script], { env, stdio: ["ignore", "pipe", "inherit"] });
    await once(createInterface({ input: host.stdout }), "line");
    const { children } = JSON.parse(readFileSync(file, "utf8")) as { children: { pid: number }[] };
    expect(children).toHaveLength(1);
    host.kill("SIGKILL");
    await once(host, "exit");
    await allGone(children.map(({ pid }) => pid));
    await (await ProcessLedger.open(file)).close();
  },
);
