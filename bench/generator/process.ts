import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { bundleGenerator } from "../../infra/bundle";
import { readDockerfile } from "../../local/deploy/image/dockerfile";

const ROOT = path.resolve(__dirname, "../..");
const START_LIMIT_MS = 30_000;

/** The generator's image, as far as a process is one: its files, its environment, its command. */
export interface Image {
  readonly folder: string;
  /** The image's own variables, V8's options among them. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly remove: () => void;
}

export interface Generator {
  readonly origin: string;
  /** From the start of the process to the first good answer of `/health`, ms. */
  readonly startMs: number;
  /** Resident memory now, MiB. */
  readonly rss: () => number;
  /** Processor time since the start, ms; undefined where this system does not tell. */
  readonly cpuMs: () => number | undefined;
  readonly stop: () => Promise<void>;
}

/** Bundles the generator as a deployment does, and reads how its image runs it. */
export function readImage(): Image {
  const folder = mkdtempSync(path.join(tmpdir(), "wandstore-bench-"));
  const context = bundleGenerator(ROOT, folder);
  const { env, cmd } = readDockerfile(readFileSync(path.join(context.folder, "Dockerfile"), "utf8"));
  return {
    folder: context.folder,
    env: Object.fromEntries(env.map((pair) => [pair.split("=", 1)[0]!, pair.slice(pair.indexOf("=") + 1)])),
    command: cmd ?? [],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs the image's command on this Node, with nothing of our own environment. Node's compile cache comes to lie in the folder. */
export async function startGenerator(image: Image, env: Readonly<Record<string, string>> = {}): Promise<Generator> {
  const port = await freePort();
  const [program, ...args] = image.command;
  if (program !== "node") throw new Error(`the image runs ${program}; this bench can only run node`);
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: image.folder,
    env: { ...image.env, ...env, PORT: String(port), HOST: "127.0.0.1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(child, "exit");
  const origin = `http://127.0.0.1:${port}`;
  while (!(await isHealthy(origin))) {
    if (child.exitCode !== null || performance.now() - begun > START_LIMIT_MS) {
      child.kill("SIGKILL");
      throw new Error(`the generator did not become healthy (exit code ${child.exitCode})`);
    }
    await wait(2);
  }
  return {
    origin,
    startMs: performance.now() - begun,
    rss: () => residentMib(child.pid!),
    cpuMs: () => processorMs(child.pid!),
    stop: async () => {
      child.kill("SIGTERM");
      const [code] = (await exited) as [number | null];
      if (code !== 0) throw new Error(`the generator ended with ${code} after SIGTERM`);
    },
  };
}

function isHealthy(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(`${origin}/health`, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(false));
    asked.end();
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function residentMib(pid: number): number {
  if (process.platform === "linux") {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024;
}

/** Clock ticks of `/proc`, which Linux gives in hundredths of a second whatever it counts in. */
const TICK_MS = 10;

function processorMs(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS; // proc(5): utime and stime
}
