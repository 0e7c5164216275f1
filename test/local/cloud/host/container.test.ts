import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { ContainerImage, Host, HostOptions, WorkerSpec } from "../../../../local/cloud/host";
import { docker, ENGINE, localBase } from "../../../images/engine";
import { layer } from "../images";
import { edgeTable, get, HostFolder } from "./support";

const NAMESPACE = "c".repeat(32);

/** A pool of containers by Cloudflare's own class; `/{member}` goes to one of them. */
const WORKER = `
import { Container, getContainer } from "@cloudflare/containers";
export class App extends Container {
  defaultPort = 8080;
  sleepAfter = this.env.SLEEP_AFTER;
  envVars = { GREETING: "hello" };
}
export default {
  async fetch(request, env) {
    const [, member, action] = new URL(request.url).pathname.split("/");
    if (action === "isolate") return new Response(globalThis.isolate ??= crypto.randomUUID());
    const container = getContainer(env.POOL, member);
    if (action === "destroy") {
      await container.destroy();
      return new Response("destroyed");
    }
    if (action === "start") {
      // Cloudflare's class tries for 8 s unless told otherwise.
      const patience = { cancellationOptions: { instanceGetTimeoutMS: 900 } };
      return new Response(await container.startAndWaitForPorts(patience).then(() => "started", (error) => error.message));
    }
    return container.fetch(request);
  },
};`;
const SERVER = `
console.log("listening");
const id = require("node:crypto").randomUUID();
process.on("SIGTERM", () => { console.log("terminated"); process.exit(0); });
require("node:http").createServer((request, response) => {
  if (request.url.endsWith("/hang-up")) request.socket.destroy();
  else response.end([process.env.GREETING, id, process.env.BUILD, process.pid].join(" "));
})
  .listen(process.env.PORT, process.env.HOST);`;

const BASE = "wandstore-test-host-base:1";
const LIMIT_MS = 120_000;

let folder: HostFolder;
let host: Host;
let bundle: string;

beforeAll(async () => {
  const result = await build({
    stdin: { contents: WORKER, resolveDir: __dirname },
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
  });
  bundle = result.outputFiles[0]?.text ?? "";
});
async function eventually(check: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !check();) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass within 30 s; log: ${folder.lines.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const CONFIG = (tag: string) => ({
  Cmd: ["node", "server.js"],
  WorkingDir: "/app",
  Env: [`BUILD=${tag}`, "PORT=8080"],
  ExposedPorts: { "8080/tcp": {} },
});
const refOf = (tag: string): string => `registry.cloudflare.com/account/app:${tag}`;

/** The image of a build, for processes. */
async function unpacked(tag: string): Promise<ContainerImage> {
  const rootDir = path.join(folder.dir, `image-${tag}`);
  await mkdir(path.join(rootDir, "app"), { recursive: true });
  await writeFile(path.join(rootDir, "app/server.js"), SERVER);
  return { ref: refOf(tag), rootDir, config: CONFIG(tag) };
}

/** The image of a build, for a Docker engine, which has the base. */
async function packed(tag: string): Promise<ContainerImage> {
  const file = path.join(folder.dir, "layer.tar");
  await writeFile(file, await layer({ "app/server.js": SERVER }, false));
  const files = { digest: "0".repeat(64), configFile: file, layers: [file], base: BASE };
  return { ref: refOf(tag), config: CONFIG(tag), ...files, memoryMiB: 256 };
}

interface Kit {
  engine: Pick<HostOptions, "docker">;
  image: (tag: string) => Promise<ContainerImage>;
  /** As Cloudflare's class takes it; it counts from before the start, so it is longer than that. */
  sleepAfter: string;
}

/** What holds of a pool by Cloudflare's own class, whatever its containers are. */
function poolContract({ engine, image, sleepAfter }: Kit, test: jest.It): void {
  const start = (more: Partial<HostOptions> = {}) => folder.start({ ...engine, ...more });
  const pool = async (tag: string, settings?: PoolSettings) => workerOf(await image(tag), { sleepAfter, ...settings });

  beforeEach(async () => {
    folder = await HostFolder.create();
    host = await start();
  }, LIMIT_MS);
  afterEach(() => folder.remove(), LIMIT_MS);

  test(
    "a container of Cloudflare's Container class answers, sleeps by SIGTERM, and wakes as another process",
    async () => {
      await deploy(await pool("1"));
      const first = await get(host, "pool.localhost", "/member-0");
      expect(first).toMatchObject({ status: 200, text: expect.stringMatching(/^hello \S+ 1 \d+$/) });
      expect(host.instances(NAMESPACE)).toMatchObject([{ state: "running", startedAt: expect.stringMatching(/Z$/) }]);
      await eventually(() => host.instances(NAMESPACE).length === 0);
      expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
      const woken = await get(host, "pool.localhost", "/member-0");
      expect(woken.text).toMatch(/^hello \S+ 1 \d+$/);
      expect(woken.text).not.toBe(first.text);
    },
    LIMIT_MS,
  );

  test(
    "a start over max_instances is told that there is no instance, and a destroyed member makes room",
    async () => {
      await deploy(await pool("1", { maxInstances: 1, sleepAfter: "1m" }));
      expect((await get(host, "pool.localhost", "/a")).status).toBe(200);
      const refused = await get(host, "pool.localhost", "/b/start");
      expect(refused.text).toBe("there is no container instance that can be provided to this durable object");
      expect((await get(host, "pool.localhost", "/a/destroy")).text).toBe("destroyed");
      expect((await get(host, "pool.localhost", "/b")).status).toBe(200);
    },
    LIMIT_MS,
  );

  test(
    "a redeploy of the same image keeps the running container; another image replaces it",
    async () => {
      await deploy(await pool("1", { sleepAfter: "1m" }));
      const before = await get(host, "pool.localhost", "/a");
      await deploy(await pool("1", { sleepAfter: "1m" }));
      expect((await get(host, "pool.localhost", "/a")).text).toBe(before.text);
      await deploy(await pool("2", { sleepAfter: "1m" }));
      expect(host.outdatedInstances(NAMESPACE)).toMatchObject([{ image: expect.stringMatching(/:1$/) }]);
      await host.replaceInstances(NAMESPACE, new Date());
      expect((await get(host, "pool.localhost", "/a")).text).toMatch(/^hello \S+ 2 \d+$/);
      expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
    },
    LIMIT_MS,
  );

  test(
    "a container that hangs up without an answer fails the request, and answers the next one",
    async () => {
      await deploy(await pool("1", { sleepAfter: "1m" }));
      const before = await get(host, "pool.localhost", "/a");
      expect((await get(host, "pool.localhost", "/a/hang-up")).status).toBe(500);
      expect((await get(host, "pool.localhost", "/a")).text).toBe(before.text);
    },
    LIMIT_MS,
  );

  test(
    "another image for the pool does not start the Worker anew",
    async () => {
      await deploy(await pool("1", { sleepAfter: "1m" }));
      await get(host, "pool.localhost", "/a");
      const isolate = await get(host, "pool.localhost", "/a/isolate");
      host.setPool(NAMESPACE, { image: await image("2"), maxInstances: 2 });
      await host.replaceInstances(NAMESPACE, new Date());
      expect((await get(host, "pool.localhost", "/a")).text).toMatch(/^hello \S+ 2 \d+$/);
      expect((await get(host, "pool.localhost", "/a/isolate")).text).toBe(isolate.text);
    },
    LIMIT_MS,
  );

  test(
    "a container that nobody asks again after a redeploy still goes to sleep",
    async () => {
      await deploy(await pool("1"));
      await get(host, "pool.localhost", "/a");
      await deploy(await pool("1"));
      await get(host, "pool.localhost", "/b");
      await eventually(() => host.instances(NAMESPACE).length === 0);
    },
    LIMIT_MS,
  );

  test(
    "a Worker does not end as idle while one of its containers runs, which is told to sleep when its time has come",
    async () => {
      await host.close();
      host = await start({ idleMs: 50 });
      await deploy(await pool("1"));
      await get(host, "pool.localhost", "/a");
      await eventually(() => host.instances(NAMESPACE).length === 0);
      expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
      for (const deadline = Date.now() + 30_000; (await folder.processes()) > 0;) {
        expect(Date.now()).toBeLessThan(deadline);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    LIMIT_MS,
  );
}

interface PoolSettings {
  maxInstances?: number;
  sleepAfter?: string;
}

async function workerOf(
  image: ContainerImage,
  { maxInstances = 2, sleepAfter = "1m" }: PoolSettings = {},
): Promise<WorkerSpec> {
  return folder.worker("pool", bundle, {
    bindings: [
      { type: "durableObject", name: "POOL", className: "App" },
      { type: "text", name: "SLEEP_AFTER", text: sleepAfter },
    ],
    durableObjects: [{ className: "App", namespaceId: NAMESPACE, sqlite: true, container: { image, maxInstances } }],
  });
}

async function deploy(spec: WorkerSpec): Promise<void> {
  await host.setWorker(spec);
  host.setEdge(edgeTable("pool"));
}

describe("A pool of processes", () => {
  poolContract({ engine: {}, image: unpacked, sleepAfter: "1s" }, it);

  test("removing the Worker and closing the host end the containers", async () => {
    await deploy(await workerOf(await unpacked("1"), { sleepAfter: "1m" }));
    await get(host, "pool.localhost", "/a");
    await host.removeWorker("pool");
    expect(host.instances(NAMESPACE)).toEqual([]);
    await deploy(await workerOf(await unpacked("1"), { sleepAfter: "1m" }));
    const pid = Number((await get(host, "pool.localhost", "/a")).text.split(" ").at(-1));
    await host.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe(`A pool in a Docker engine${ENGINE ? "" : " (left out: no Docker engine answers)"}`, () => {
  beforeAll(async () => {
    if (ENGINE) await localBase(BASE);
  }, LIMIT_MS);
  afterAll(async () => {
    if (ENGINE) await docker(["image", "rm", "--force", BASE]);
  }, LIMIT_MS);
  const engine = { docker: { socketPath: "/var/run/docker.sock" } };
  poolContract({ engine, image: packed, sleepAfter: "5s" }, ENGINE ? it : it.skip);
});
