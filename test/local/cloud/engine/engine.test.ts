import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { startProcessEngine, type ContainerImage, type ProcessEngine } from "../../../../local/cloud/engine";

/** Answers with its environment; ends by itself on SIGTERM unless STUBBORN is set. */
const SERVER = `
if (process.env.STUBBORN) process.on("SIGTERM", () => {});
console.log("hello from " + process.argv[2]);
require("http").createServer((q, r) => r.end(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv })))
  .listen(process.env.PORT, process.env.HOST);`;
const NAMESPACE = "0123456789abcdef0123456789abcdef";
const objectId = (digit: string) => digit.repeat(64);
const containerName = (digit: string) => `workerd-${NAMESPACE}-${objectId(digit)}`;

let folder: string;
let image: ContainerImage;
let engine: ProcessEngine;
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "engine-test-"));
  await mkdir(path.join(folder, "app"));
  await writeFile(path.join(folder, "app/server.js"), SERVER);
  image = {
    ref: "registry.cloudflare.com/account/app:1",
    rootDir: folder,
    config: {
      Cmd: ["node", "/app/server.js", "/app/absent"],
      Env: ["PORT=8080", "FROM_IMAGE=yes"],
      WorkingDir: "/app",
      ExposedPorts: { "8080/tcp": {} },
    },
  };
  lines = [];
  engine = await startProcessEngine({ socketDir: folder, log: (line) => lines.push(line), track: () => {} });
  engine.setPool(NAMESPACE, { image, maxInstances: 2 });
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  body: { [key: string]: unknown; message?: string };
}

/** One call of Docker's API on the engine's socket. */
function docker(method: string, route: string, body?: unknown): Promise<Answer> {
  const socketPath = engine.miniflareOption.localDocker.socketPath.replace("unix:", "");
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path: route, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) }),
      );
    });
    call.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const create = (digit: string, more: object = {}) => {
  return docker("POST", `/containers/create?name=${containerName(digit)}`, { Image: image.ref, ...more });
};
const act = (digit: string, action: string) => docker("POST", `/containers/${containerName(digit)}/${action}`);
const status = async (digit: string) => {
  const { body } = await docker("GET", `/containers/${containerName(digit)}/json`);
  return (body.State as { Status: string }).Status;
};

/** Starts the sidecar as workerd does; the answer is its port. */
async function startSidecar(digit: string): Promise<number> {
  const name = `${containerName(digit)}-proxy`;
  const { containerEgressInterceptorImage: Image } = engine.miniflareOption.localDocker;
  await docker("POST", `/containers/create?name=${name}`, { Image });
  await docker("POST", `/containers/${name}/start`);
  const { body } = await docker("GET", `/containers/${name}/json`);
  const settings = body.NetworkSettings as { Ports: Record<string, { HostPort: string }[]> };
  return Number(settings.Ports["39001/tcp"]?.[0]?.HostPort);
}

/** GET / of the container's port through the sidecar; undefined where it does not listen. */
function tryGet(sidecar: number, port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(sidecar, "127.0.0.1");
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text === "HTTP/1.1 200 OK\r\n\r\n") socket.write("GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n");
    });
    socket.once("end", () =>
      resolve(text.startsWith("HTTP/1.1 400") ? undefined : text.slice(text.lastIndexOf("\r\n{"))),
    );
    socket.once("error", reject);
    socket.write(`CONNECT 10.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nX-Dst-Addr: 10.0.0.1:${port}\r\n\r\n`);
  });
}

/** Polls until the check gives something. */
async function eventually<T>(check: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it did not come to pass within 30 s");
}

/** Whether a process has ended; as an orphan it may stay a zombie for a while. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") && readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return true;
  }
}

test("a container is created, starts, answers through its sidecar, and is removed", async () => {
  expect((await create("a")).status).toBe(201);
  expect(await status("a")).toBe("created");
  const sidecar = await startSidecar("a");
  expect(await tryGet(sidecar, 8080)).toBeUndefined();
  expect((await act("a", "start")).status).toBe(204);
  expect((await act("a", "start")).status).toBe(304);
  expect(await status("a")).toBe("running");
  const answer = JSON.parse(await eventually(() => tryGet(sidecar, 8080))) as { cwd: string; argv: string[] };
  expect(answer.cwd).toBe(path.join(folder, "app"));
  expect(answer.argv).toEqual([process.execPath, path.join(folder, "app/server.js"), "/app/absent"]);
  expect(await tryGet(sidecar, 8081)).toBeUndefined();
  expect(engine.running(NAMESPACE)).toMatchObject([{ id: containerName("a"), name: "aaaaaaaa", state: "running" }]);
  expect(lines).toEqual(["container aaaaaaaa: hello from /app/absent"]);

  expect((await docker("DELETE", `/containers/${containerName("a")}?force=true`)).status).toBe(204);
  expect((await docker("GET", `/containers/${containerName("a")}/json`)).status).toBe(404);
  expect(await tryGet(sidecar, 8080)).toBeUndefined();
  expect(engine.running(NAMESPACE)).toEqual([]);
});

test("a process sees the image's and the container's environment, and nothing of the developer's", async () => {
  process.env.DEVELOPER_SECRET = "leak";
  try {
    await create("a", { Env: ["GIVEN=a=b", "PORT=9000"] });
    const sidecar = await startSidecar("a");
    await act("a", "start");
    const { env } = JSON.parse(await eventually(() => tryGet(sidecar, 9000))) as { env: Record<string, string> };
    expect(env).toMatchObject({ FROM_IMAGE: "yes", GIVEN: "a=b", HOST: "127.0.0.1", PATH: process.env.PATH });
    expect(Object.keys(env).toSorted()).toEqual(["FROM_IMAGE", "GIVEN", "HOST", "PATH", "PORT"]);
    expect(env.PORT).not.toBe("9000");
  } finally {
    delete process.env.DEVELOPER_SECRET;
  }
});

test("a folder whose path is too long for a socket is not used", async () => {
  const other = await startProcessEngine({
    socketDir: path.join(folder, "x".repeat(100)),
    log: () => {},
    track: () => {},
  });
  const socket = other.miniflareOption.localDocker.socketPath.replace("unix:", "");
  expect(existsSync(socket)).toBe(true);
  await other.close();
  expect(existsSync(path.dirname(socket))).toBe(false);
});

test("a namespace without an image, an unknown container and a taken name are refused as Docker refuses them", async () => {
  const name = `workerd-${"e".repeat(32)}-${objectId("a")}`;
  const unknown = await docker("POST", `/containers/create?name=${name}`, { Image: image.ref });
  const message = `No such image: the namespace of ${name} has none (namespaces that have: ${NAMESPACE})`;
  expect(unknown).toMatchObject({ status: 404, body: { message } });
  expect((await act("a", "start")).status).toBe(404);
  await create("a");
  expect((await create("a")).status).toBe(409);
  expect((await docker("POST", `/containers/${containerName("a")}/exec`, {})).status).toBe(501);
});

test("SIGTERM ends a process with 143, and the waiting caller hears it", async () => {
  await create("a");
  await act("a", "start");
  await eventually(() => lines.length === 1);
  const waiting = act("a", "wait");
  expect((await act("a", "kill?signal=SIGTERM")).status).toBe(204);
  expect(await waiting).toMatchObject({ status: 200, body: { StatusCode: 143 } });
  expect(await status("a")).toBe("exited");
  expect((await act("a", "kill?signal=SIGTERM")).status).toBe(409);
  expect((await create("a")).status).toBe(201); // a spent container does not hold its name
});

test("a process that ignores SIGTERM is ended by a removal at once", async () => {
  await create("a", { Env: ["STUBBORN=1"] });
  await act("a", "start");
  await eventually(() => lines.length === 1);
  const waiting = act("a", "wait");
  await act("a", "kill?signal=SIGTERM");
  await docker("DELETE", `/containers/${containerName("a")}?force=true`);
  expect((await waiting).body.StatusCode).toBe(137);
});

test("a process that ignores SIGTERM is killed after the grace, with the process that it started", async () => {
  const grandparent = `
    process.on("SIGTERM", () => {});
    const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    child.once("spawn", () => console.log(child.pid));
    setInterval(() => {}, 1000);`;
  const config = { ...image.config, Cmd: ["node", "-e", grandparent] };
  await engine.close();
  const log = (line: string) => lines.push(line);
  engine = await startProcessEngine({ socketDir: folder, log, track: () => {}, stopGraceMs: 200 });
  engine.setPool(NAMESPACE, { image: { ...image, config }, maxInstances: 1 });
  await create("a");
  await act("a", "start");
  await eventually(() => lines.length === 1);
  const grandchild = Number(lines[0]?.split(" ").at(-1));
  expect(process.kill(grandchild, 0)).toBe(true);
  const waiting = act("a", "wait");
  await act("a", "kill?signal=SIGTERM");
  expect((await waiting).body.StatusCode).toBe(137);
  await eventually(() => isGone(grandchild));
});

test("a start over the limit of the namespace ends with Cloudflare's words, and a place that frees is given again", async () => {
  for (const digit of ["a", "b", "c"]) {
    await create(digit);
    expect((await act(digit, "start")).status).toBe(204);
  }
  expect(await status("c")).toBe("exited");
  expect(await act("c", "wait")).toMatchObject({
    status: 503,
    body: {
      message: expect.stringContaining("there is no container instance that can be provided to this durable object"),
    },
  });
  await docker("DELETE", `/containers/${containerName("a")}?force=true`);
  await create("c");
  await act("c", "start");
  expect(await status("c")).toBe("running");
});

test("another image for the namespace replaces the containers of the former one, and only those, when it is asked to", async () => {
  const other = { ref: "other:1", rootDir: folder, config: image.config };
  engine.setPool("f".repeat(32), { image: other, maxInstances: 1 });
  await create("a");
  await act("a", "start");
  const neighbour = `workerd-${"f".repeat(32)}-${objectId("a")}`;
  await docker("POST", `/containers/create?name=${neighbour}`, { Image: other.ref });
  await docker("POST", `/containers/${neighbour}/start`);
  engine.setPool(NAMESPACE, {
    image: { ...image, ref: "registry.cloudflare.com/account/app:2" },
    maxInstances: 2,
  });
  expect(await status("a")).toBe("running");
  expect(engine.outdated(NAMESPACE)).toMatchObject([{ image: image.ref }]);
  await engine.replaceOutdated(NAMESPACE, new Date(0)); // nothing is that old
  expect(await status("a")).toBe("running");
  await engine.replaceOutdated(NAMESPACE, new Date());
  expect(await status("a")).toBe("exited");
  expect(engine.outdated(NAMESPACE)).toEqual([]);
  await create("a");
  await act("a", "start");
  expect(engine.running(NAMESPACE)).toMatchObject([{ image: "registry.cloudflare.com/account/app:2" }]);
  expect(engine.running("f".repeat(32))).toHaveLength(1);
});

test("while an image is rolled out, an object's share decides what it runs, and other settings are another image", async () => {
  const next = { ...image, ref: "app:2" };
  const objectOf = (share: number) =>
    `workerd-${NAMESPACE}-${(200 + share).toString(16).padStart(8, "0")}${"0".repeat(56)}`;
  engine.setPool(NAMESPACE, { image, maxInstances: 9, next: { image: next, percentage: 30 } });
  for (const share of [0, 29, 30, 99]) {
    await docker("POST", `/containers/create?name=${objectOf(share)}`, {});
    await docker("POST", `/containers/${objectOf(share)}/start`);
  }
  expect(engine.running(NAMESPACE).map((one) => one.image)).toEqual([next.ref, next.ref, image.ref, image.ref]);
  engine.setPool(NAMESPACE, { image, maxInstances: 9, next: { image: next, percentage: 31 } });
  expect(engine.outdated(NAMESPACE).map(({ id }) => id)).toEqual([objectOf(30)]);
  const changed = { ...image, config: { ...image.config, Env: ["PORT=8080"] } };
  engine.setPool(NAMESPACE, { image: changed, maxInstances: 9, next: { image: next, percentage: 31 } });
  expect(engine.outdated(NAMESPACE).map(({ id }) => id)).toEqual([objectOf(30), objectOf(99)]);
});

test.each([
  ["has neither Entrypoint nor Cmd", { Cmd: null }],
  ["has no folder /absent", { WorkingDir: "/absent" }],
])("an image that %s says so when it is started", async (message, change) => {
  engine.setPool(NAMESPACE, { image: { ...image, config: { ...image.config, ...change } }, maxInstances: 2 });
  await create("a");
  expect(await act("a", "start")).toMatchObject({ status: 500, body: { message: expect.stringContaining(message) } });
  expect(await status("a")).toBe("exited");
});
