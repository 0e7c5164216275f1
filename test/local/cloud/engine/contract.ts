import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ContainerImage, Launcher, OciImageConfig } from "../../../../local/cloud/engine";
import { containerName, eventually, NAMESPACE, objectId, openTunnel, TestEngine, tryGet } from "./support";

/** Answers with its environment; ends by itself on SIGTERM unless STUBBORN is set. */
export const SERVER = `
process.on("SIGTERM", () => process.env.STUBBORN || process.exit(143));
console.log("hello from " + process.argv[2]);
require("http").createServer((q, r) => r.end(JSON.stringify({ env: process.env, cwd: process.cwd(), argv: process.argv })))
  .listen(process.env.PORT, process.env.HOST);`;

export const CONFIG: OciImageConfig = {
  Cmd: ["node", "/app/server.js", "/app/absent"],
  Env: ["PORT=8080", "FROM_IMAGE=yes"],
  WorkingDir: "/app",
  ExposedPorts: { "8080/tcp": {} },
};

/** What is tested: a launcher, and how images are made for it. */
export interface LauncherKit {
  launcher(): Promise<Launcher>;
  /** An image with SERVER as /app/server.js. */
  image(ref: string, config: OciImageConfig): ContainerImage;
}

/** What holds of containers whatever they are: processes of this machine, or containers of a Docker engine. */
export function launcherContract(kit: LauncherKit, test: jest.It, limitMs: number): void {
  let folder: string;
  let image: ContainerImage;
  let tested: TestEngine;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "engine-test-"));
    image = kit.image("registry.cloudflare.com/account/app:1", CONFIG);
    await start();
  }, limitMs);

  async function start(stopGraceMs = 2_000): Promise<void> {
    tested = await TestEngine.start(folder, await kit.launcher(), stopGraceMs);
    tested.engine.setPool(NAMESPACE, { image, maxInstances: 2 });
  }

  afterEach(async () => {
    await tested.engine.close();
    await rm(folder, { recursive: true, force: true });
  }, limitMs);

  test(
    "a container is created, starts, answers through its sidecar, and is removed",
    async () => {
      expect((await tested.create("a")).status).toBe(201);
      expect(await tested.status("a")).toBe("created");
      const sidecar = await tested.startSidecar("a");
      expect(await tryGet(sidecar, 8080)).toBeUndefined();
      expect((await tested.act("a", "start")).status).toBe(204);
      expect((await tested.act("a", "start")).status).toBe(304);
      expect(await tested.status("a")).toBe("running");
      const answer = JSON.parse(await eventually(() => tryGet(sidecar, 8080))) as { argv: string[] };
      expect(answer.argv.at(-1)).toBe("/app/absent");
      expect(await tryGet(sidecar, 8081)).toBeUndefined();
      const running = [{ id: containerName("a"), name: "aaaaaaaa", state: "running" }];
      expect(tested.engine.running(NAMESPACE)).toMatchObject(running);
      await eventually(() => tested.lines.length > 0);
      expect(tested.lines).toEqual(["container aaaaaaaa: hello from /app/absent"]);

      expect((await tested.remove("a")).status).toBe(204);
      expect((await tested.docker("GET", `/containers/${containerName("a")}/json`)).status).toBe(404);
      expect(await tryGet(sidecar, 8080)).toBeUndefined();
      expect(tested.engine.running(NAMESPACE)).toEqual([]);
    },
    limitMs,
  );

  test(
    "a container sees the image's environment and its own, and nothing of the developer's",
    async () => {
      process.env.DEVELOPER_SECRET = "leak";
      try {
        await tested.create("a", { Env: ["GIVEN=a=b", "PORT=9000"] });
        const sidecar = await tested.startSidecar("a");
        await tested.act("a", "start");
        const { env } = JSON.parse(await eventually(() => tryGet(sidecar, 9000))) as { env: Record<string, string> };
        expect(env).toMatchObject({ FROM_IMAGE: "yes", GIVEN: "a=b" });
        expect(env).not.toHaveProperty("DEVELOPER_SECRET");
      } finally {
        delete process.env.DEVELOPER_SECRET;
      }
    },
    limitMs,
  );

  test(
    "SIGTERM ends a container with 143, the waiting caller hears it, and its name is free again",
    async () => {
      await tested.create("a");
      await tested.act("a", "start");
      await eventually(() => tested.lines.length === 1);
      const waiting = tested.act("a", "wait");
      expect((await tested.act("a", "kill?signal=SIGTERM")).status).toBe(204);
      expect(await waiting).toMatchObject({ status: 200, body: { StatusCode: 143 } });
      expect(await tested.status("a")).toBe("exited");
      expect((await tested.act("a", "kill?signal=SIGTERM")).status).toBe(409);
      expect((await tested.create("a")).status).toBe(201);
      expect((await tested.act("a", "start")).status).toBe(204);
    },
    limitMs,
  );

  test(
    "a container that ignores SIGTERM is ended by a removal at once",
    async () => {
      await tested.create("a", { Env: ["STUBBORN=1"] });
      await tested.act("a", "start");
      await eventually(() => tested.lines.length === 1);
      const waiting = tested.act("a", "wait");
      await tested.act("a", "kill?signal=SIGTERM");
      await tested.remove("a");
      expect((await waiting).body.StatusCode).toBe(137);
    },
    limitMs,
  );

  test(
    "a container that ignores SIGTERM is killed after the grace",
    async () => {
      await tested.engine.close();
      await start(200);
      await tested.create("a", { Env: ["STUBBORN=1"] });
      await tested.act("a", "start");
      await eventually(() => tested.lines.length === 1);
      const waiting = tested.act("a", "wait");
      await tested.act("a", "kill?signal=SIGTERM");
      expect((await waiting).body.StatusCode).toBe(137);
    },
    limitMs,
  );

  test(
    "the end of a container ends what is connected to it",
    async () => {
      await tested.create("a");
      const sidecar = await tested.startSidecar("a");
      await tested.act("a", "start");
      await eventually(() => tryGet(sidecar, 8080));
      const tunnel = await openTunnel(sidecar, 8080);
      const ended = Promise.race([once(tunnel, "end"), once(tunnel, "close")]);
      await tested.remove("a");
      await ended;
      tunnel.destroy();
    },
    limitMs,
  );

  test(
    "a start over the limit of the namespace ends with Cloudflare's words, and a place that frees is given again",
    async () => {
      for (const digit of ["a", "b", "c"]) {
        await tested.create(digit);
        expect((await tested.act(digit, "start")).status).toBe(204);
      }
      expect(await tested.status("c")).toBe("exited");
      const words = "there is no container instance that can be provided to this durable object";
      const told = { status: 503, body: { message: expect.stringContaining(words) } };
      expect(await tested.act("c", "wait")).toMatchObject(told);
      await tested.remove("a");
      await tested.create("c");
      await tested.act("c", "start");
      expect(await tested.status("c")).toBe("running");
    },
    limitMs,
  );

  test(
    "another image for the namespace replaces the containers of the former one, and only those, when it is asked to",
    async () => {
      const otherNamespace = "f".repeat(32);
      tested.engine.setPool(otherNamespace, { image: kit.image("other:1", CONFIG), maxInstances: 1 });
      await tested.create("a");
      await tested.act("a", "start");
      const neighbour = `workerd-${otherNamespace}-${objectId("a")}`;
      await tested.docker("POST", `/containers/create?name=${neighbour}`, { Image: "other:1" });
      await tested.docker("POST", `/containers/${neighbour}/start`);
      const second = kit.image("registry.cloudflare.com/account/app:2", CONFIG);
      tested.engine.setPool(NAMESPACE, { image: second, maxInstances: 2 });
      expect(await tested.status("a")).toBe("running");
      expect(tested.engine.outdated(NAMESPACE)).toMatchObject([{ image: image.ref }]);
      await tested.engine.replaceOutdated(NAMESPACE, new Date(0)); // nothing is that old
      expect(await tested.status("a")).toBe("running");
      await tested.engine.replaceOutdated(NAMESPACE, new Date());
      expect(await tested.status("a")).toBe("exited");
      expect(tested.engine.outdated(NAMESPACE)).toEqual([]);
      await tested.create("a");
      await tested.act("a", "start");
      expect(tested.engine.running(NAMESPACE)).toMatchObject([{ image: second.ref }]);
      expect(tested.engine.running(otherNamespace)).toHaveLength(1);
    },
    limitMs,
  );
}
