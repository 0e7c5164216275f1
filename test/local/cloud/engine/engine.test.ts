import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ProcessLauncher, startContainerEngine, type UnpackedImage } from "../../../../local/cloud/engine";
import { CONFIG, launcherContract, SERVER } from "./contract";
import { containerName, eventually, NAMESPACE, objectId, TestEngine, tryGet } from "./support";

let rootDir: string;
const processes = () => new ProcessLauncher(() => {});
const imageOf = (ref: string, config = CONFIG): UnpackedImage => ({ ref, rootDir, config });

beforeAll(async () => {
  rootDir = await mkdtemp(path.join(tmpdir(), "engine-image-"));
  await mkdir(path.join(rootDir, "app"));
  await writeFile(path.join(rootDir, "app/server.js"), SERVER);
});
afterAll(() => rm(rootDir, { recursive: true, force: true }));

describe("Containers as processes", () => {
  launcherContract({ launcher: async () => processes(), image: imageOf }, it, 60_000);
});

describe("The engine and its processes", () => {
  let folder: string;
  let image: UnpackedImage;
  let tested: TestEngine;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "engine-test-"));
    image = imageOf("registry.cloudflare.com/account/app:1");
    tested = await TestEngine.start(folder, processes());
    tested.engine.setPool(NAMESPACE, { image, maxInstances: 2 });
  });

  afterEach(async () => {
    await tested.engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("a process runs in the image's folder, on a port of its own, and is given nothing else of this machine", async () => {
    await tested.create("a", { Env: ["GIVEN=a=b", "PORT=9000"] });
    const sidecar = await tested.startSidecar("a");
    await tested.act("a", "start");
    const answer: { env: Record<string, string>; cwd: string; argv: string[] } = JSON.parse(
      await eventually(() => tryGet(sidecar, 9000)),
    );
    const { env, cwd, argv } = answer;
    expect(cwd).toBe(path.join(rootDir, "app"));
    expect(argv).toEqual([process.execPath, path.join(rootDir, "app/server.js"), "/app/absent"]);
    expect(Object.keys(env).toSorted()).toEqual(["FROM_IMAGE", "GIVEN", "HOST", "PATH", "PORT"]);
    expect(env).toMatchObject({ HOST: "127.0.0.1", PATH: process.env.PATH });
    expect(env.PORT).not.toBe("9000");
  });

  test("a folder whose path is too long for a socket is not used", async () => {
    const other = await startContainerEngine({
      socketDir: path.join(folder, "x".repeat(100)),
      log: () => {},
      launcher: new ProcessLauncher(() => {}),
    });
    const socket = other.miniflareOption.localDocker.socketPath.replace("unix:", "");
    expect(existsSync(socket)).toBe(true);
    await other.close();
    expect(existsSync(path.dirname(socket))).toBe(false);
  });

  test("a namespace without an image, an unknown container and a taken name are refused as Docker refuses them", async () => {
    const name = `workerd-${"e".repeat(32)}-${objectId("a")}`;
    const unknown = await tested.docker("POST", `/containers/create?name=${name}`, { Image: image.ref });
    const message = `No such image: the namespace of ${name} has none (namespaces that have: ${NAMESPACE})`;
    expect(unknown).toMatchObject({ status: 404, body: { message } });
    expect((await tested.act("a", "start")).status).toBe(404);
    await tested.create("a");
    expect((await tested.create("a")).status).toBe(409);
    expect((await tested.docker("POST", `/containers/${containerName("a")}/exec`, {})).status).toBe(501);
  });

  test("a process that ignores SIGTERM is killed after the grace, with the process that it started", async () => {
    const grandparent = `
    process.on("SIGTERM", () => {});
    const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    child.once("spawn", () => console.log(child.pid));
    setInterval(() => {}, 1000);`;
    const config = { ...image.config, Cmd: ["node", "-e", grandparent] };
    await tested.engine.close();
    tested = await TestEngine.start(folder, processes(), 200);
    tested.engine.setPool(NAMESPACE, { image: { ...image, config }, maxInstances: 1 });
    await tested.create("a");
    await tested.act("a", "start");
    await eventually(() => tested.lines.length === 1);
    const grandchild = Number(tested.lines[0]?.split(" ").at(-1));
    expect(process.kill(grandchild, 0)).toBe(true);
    const waiting = tested.act("a", "wait");
    await tested.act("a", "kill?signal=SIGTERM");
    expect((await waiting).body.StatusCode).toBe(137);
    await eventually(() => isGone(grandchild));
  });

  test("while an image is rolled out, an object's share decides what it runs, and other settings are another image", async () => {
    const next = { ...image, ref: "app:2" };
    const objectOf = (share: number) =>
      `workerd-${NAMESPACE}-${(200 + share).toString(16).padStart(8, "0")}${"0".repeat(56)}`;
    tested.engine.setPool(NAMESPACE, { image, maxInstances: 9, next: { image: next, percentage: 30 } });
    for (const share of [0, 29, 30, 99]) {
      await tested.docker("POST", `/containers/create?name=${objectOf(share)}`, {});
      await tested.docker("POST", `/containers/${objectOf(share)}/start`);
    }
    expect(tested.engine.running(NAMESPACE).map((one) => one.image)).toEqual([
      next.ref,
      next.ref,
      image.ref,
      image.ref,
    ]);
    tested.engine.setPool(NAMESPACE, { image, maxInstances: 9, next: { image: next, percentage: 31 } });
    expect(tested.engine.outdated(NAMESPACE).map(({ id }) => id)).toEqual([objectOf(30)]);
    const changed = { ...image, config: { ...image.config, Env: ["PORT=8080"] } };
    tested.engine.setPool(NAMESPACE, { image: changed, maxInstances: 9, next: { image: next, percentage: 31 } });
    expect(tested.engine.outdated(NAMESPACE).map(({ id }) => id)).toEqual([objectOf(30), objectOf(99)]);
  });

  test.each([
    ["has neither Entrypoint nor Cmd", { Cmd: null }],
    ["has no folder /absent", { WorkingDir: "/absent" }],
  ])("an image that %s says so when it is started", async (message, change) => {
    tested.engine.setPool(NAMESPACE, { image: { ...image, config: { ...image.config, ...change } }, maxInstances: 2 });
    await tested.create("a");
    expect(await tested.act("a", "start")).toMatchObject({
      status: 500,
      body: { message: expect.stringContaining(message) },
    });
    expect(await tested.status("a")).toBe("exited");
  });
});

/** Whether a process has ended; as an orphan it may stay a zombie for a while. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") && readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return true;
  }
}
