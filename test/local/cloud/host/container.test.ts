import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { ContainerImage, Host, WorkerSpec } from "../../../../local/cloud/host";
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
process.on("SIGTERM", () => { console.log("terminated"); process.exit(0); });
require("node:http").createServer((request, response) => response.end(process.env.GREETING + " " + process.pid + " " + process.env.BUILD))
  .listen(process.env.PORT, process.env.HOST);`;

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
beforeEach(async () => {
  folder = await HostFolder.create();
  host = await folder.start();
});
afterEach(() => folder.remove());

async function image(tag: string): Promise<ContainerImage> {
  const rootDir = path.join(folder.dir, `image-${tag}`);
  await mkdir(path.join(rootDir, "app"), { recursive: true });
  await writeFile(path.join(rootDir, "app/server.js"), SERVER);
  return {
    ref: `registry.cloudflare.com/account/app:${tag}`,
    rootDir,
    config: {
      Cmd: ["node", "server.js"],
      WorkingDir: "/app",
      Env: [`BUILD=${tag}`],
      ExposedPorts: { "8080/tcp": {} },
    },
  };
}

async function pool(tag: string, { maxInstances = 2, sleepAfter = "1s" } = {}): Promise<WorkerSpec> {
  return folder.worker("pool", bundle, {
    bindings: [
      { type: "durableObject", name: "POOL", className: "App" },
      { type: "text", name: "SLEEP_AFTER", text: sleepAfter },
    ],
    durableObjects: [
      {
        className: "App",
        namespaceId: NAMESPACE,
        sqlite: true,
        container: { image: await image(tag), maxInstances },
      },
    ],
  });
}

async function deploy(spec: WorkerSpec): Promise<void> {
  await host.setWorker(spec);
  host.setEdge(edgeTable("pool"));
}

async function eventually(check: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !check();) {
    if (Date.now() > deadline) throw new Error(`it did not come to pass within 30 s; log: ${folder.lines.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a container of Cloudflare's Container class answers, sleeps by SIGTERM, and wakes as another process", async () => {
  await deploy(await pool("1"));
  const first = await get(host, "pool.localhost", "/member-0");
  expect(first).toMatchObject({ status: 200, text: expect.stringMatching(/^hello \d+ 1$/) });
  expect(host.instances(NAMESPACE)).toMatchObject([{ state: "running", startedAt: expect.stringMatching(/Z$/) }]);
  await eventually(() => host.instances(NAMESPACE).length === 0);
  expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
  const woken = await get(host, "pool.localhost", "/member-0");
  expect(woken.text).toMatch(/^hello \d+ 1$/);
  expect(woken.text).not.toBe(first.text);
});

test("a start over max_instances is told that there is no instance, and a destroyed member makes room", async () => {
  await deploy(await pool("1", { maxInstances: 1, sleepAfter: "1m" }));
  expect((await get(host, "pool.localhost", "/a")).status).toBe(200);
  const refused = await get(host, "pool.localhost", "/b/start");
  expect(refused.text).toBe("there is no container instance that can be provided to this durable object");
  expect((await get(host, "pool.localhost", "/a/destroy")).text).toBe("destroyed");
  expect((await get(host, "pool.localhost", "/b")).status).toBe(200);
});

test("a redeploy of the same image keeps the running container; another image replaces it", async () => {
  await deploy(await pool("1", { sleepAfter: "1m" }));
  const before = await get(host, "pool.localhost", "/a");
  await deploy(await pool("1", { sleepAfter: "1m" }));
  expect((await get(host, "pool.localhost", "/a")).text).toBe(before.text);
  await deploy(await pool("2", { sleepAfter: "1m" }));
  expect(host.outdatedInstances(NAMESPACE)).toMatchObject([{ image: expect.stringMatching(/:1$/) }]);
  await host.replaceInstances(NAMESPACE, new Date());
  expect((await get(host, "pool.localhost", "/a")).text).toMatch(/^hello \d+ 2$/);
  expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
});

test("another image for the pool does not start the Worker anew", async () => {
  await deploy(await pool("1", { sleepAfter: "1m" }));
  await get(host, "pool.localhost", "/a");
  const isolate = await get(host, "pool.localhost", "/a/isolate");
  host.setPool(NAMESPACE, { image: await image("2"), maxInstances: 2 });
  await host.replaceInstances(NAMESPACE, new Date());
  expect((await get(host, "pool.localhost", "/a")).text).toMatch(/^hello \d+ 2$/);
  expect((await get(host, "pool.localhost", "/a/isolate")).text).toBe(isolate.text);
});

test("a container that nobody asks again after a redeploy still goes to sleep", async () => {
  await deploy(await pool("1"));
  await get(host, "pool.localhost", "/a");
  await deploy(await pool("1"));
  await get(host, "pool.localhost", "/b");
  await eventually(() => host.instances(NAMESPACE).length === 0);
});

test("a Worker does not end as idle while one of its containers runs, which is told to sleep when its time has come", async () => {
  await host.close();
  host = await folder.start({ idleMs: 50 });
  await deploy(await pool("1"));
  await get(host, "pool.localhost", "/a");
  await eventually(() => host.instances(NAMESPACE).length === 0);
  expect(folder.lines.filter((line) => /^container \w+: terminated$/.test(line))).toHaveLength(1);
  for (const deadline = Date.now() + 30_000; (await folder.processes()) > 0;) {
    expect(Date.now()).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

test("removing the Worker and closing the host end the containers", async () => {
  await deploy(await pool("1", { sleepAfter: "1m" }));
  await get(host, "pool.localhost", "/a");
  await host.removeWorker("pool");
  expect(host.instances(NAMESPACE)).toEqual([]);
  await deploy(await pool("1", { sleepAfter: "1m" }));
  const pid = Number((await get(host, "pool.localhost", "/a")).text.split(" ")[1]);
  await host.close();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
