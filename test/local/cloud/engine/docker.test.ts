import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { DockerEngineError, DockerLauncher, type PackedImage } from "../../../../local/cloud/engine";
import { docker, ENGINE, localBase } from "../../../images/engine";
import { layer } from "../images";
import { CONFIG, launcherContract, SERVER } from "./contract";
import { eventually, NAMESPACE, TestEngine, tryGet } from "./support";

const SOCKET = "/var/run/docker.sock";
const BASE = "wandstore-test-engine-base:1";
const LIMIT_MS = 120_000;
const withDocker = ENGINE ? it : it.skip;
const note = ENGINE ? "" : " (left out: no Docker engine answers)";

let folder: string;
let counted = 0;
let application: PackedImage;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "engine-docker-"));
  if (!ENGINE) return;
  await localBase(BASE);
  const file = path.join(folder, "layer.tar");
  await writeFile(file, await layer({ "app/server.js": SERVER }, false));
  const configFile = path.join(folder, "config.json");
  await writeFile(configFile, "{}"); // of an image without its base nothing but the layers is read
  const digest = "0".repeat(64);
  application = { ref: "app:1", config: CONFIG, digest, configFile, layers: [file], base: BASE, memoryMiB: 96 };
}, LIMIT_MS);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  if (ENGINE) await docker(["image", "rm", "--force", BASE]);
}, LIMIT_MS);

/** Each test has containers of its own. */
const owner = (): string => `${folder}/${(counted += 1)}`;
const connect = (more: { owner?: string; published?: boolean } = {}): Promise<DockerLauncher> =>
  DockerLauncher.connect({ socketPath: SOCKET, owner: owner(), log: () => {}, ...more });
const idsOf = async (of: string): Promise<string[]> =>
  (await docker(["ps", "--all", "--quiet", "--filter", `label=embedded-cloud.owner=${of}`]))
    .split("\n")
    .filter(Boolean);

describe(`Containers in a Docker engine, by their own addresses${note}`, () => {
  launcherContract(
    { launcher: connect, image: (ref, config) => ({ ...application, ref, config }) },
    withDocker,
    LIMIT_MS,
  );
});

describe(`Containers in a Docker engine, by published ports${note}`, () => {
  const launcher = (): Promise<DockerLauncher> => connect({ published: true });
  launcherContract({ launcher, image: (ref, config) => ({ ...application, ref, config }) }, withDocker, LIMIT_MS);
});

describe(`The engine and Docker${note}`, () => {
  let tested: TestEngine | undefined;
  afterEach(async () => {
    await tested?.engine.close();
    tested = undefined;
  }, LIMIT_MS);

  async function started(launcher: DockerLauncher, image: PackedImage): Promise<TestEngine> {
    tested = await TestEngine.start(await mkdtemp(path.join(folder, "socket-")), launcher);
    tested.engine.setPool(NAMESPACE, { image, maxInstances: 2 });
    await tested.create("a");
    return tested;
  }

  withDocker(
    "gives a container its memory, its user and loopback alone, and takes away what a killed cloud left",
    async () => {
      const of = owner();
      const image = { ...application, config: { ...CONFIG, User: "node" } };
      const running = await started(await connect({ owner: of }), image);
      expect((await running.act("a", "start")).status).toBe(204);
      const [id = ""] = await idsOf(of);
      const [described] = JSON.parse(await docker(["inspect", id])) as [
        {
          HostConfig: { Memory: number; MemorySwap: number };
          Config: { User: string };
          NetworkSettings: { Ports: unknown };
        },
      ];
      expect(described.HostConfig).toMatchObject({ Memory: 96 * 1024 ** 2, MemorySwap: 96 * 1024 ** 2 });
      expect(described.Config.User).toBe("node");
      expect(described.NetworkSettings.Ports).toEqual({
        "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: expect.stringMatching(/^\d+$/) }],
      });

      await connect({ owner: `${of}-neighbour` });
      expect(await idsOf(of)).toEqual([id]);
      await connect({ owner: of }); // as the next start of the same cloud does
      expect(await idsOf(of)).toEqual([]);
    },
    LIMIT_MS,
  );

  withDocker(
    "loads an image that is whole as it was pushed, and again when somebody has removed it",
    async () => {
      const root = path.join(folder, "root.tar");
      const made = await docker(["create", BASE, "node"]);
      await docker(["export", "--output", root, made], LIMIT_MS);
      await docker(["rm", made]);
      const layers = [root, ...application.layers];
      const diff_ids = await Promise.all(layers.map(digestOf));
      const content = { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids }, config: CONFIG };
      const configFile = path.join(folder, "whole.json");
      await writeFile(configFile, JSON.stringify(content));
      const digest = createHash("sha256").update(diff_ids.join()).digest("hex");
      const { base: _base, ...rest } = application;
      const Env = [...(CONFIG.Env ?? []), "PATH=/usr/local/bin"];
      const image: PackedImage = { ...rest, ref: "whole:1", config: { ...CONFIG, Env }, digest, configFile, layers };
      const name = `embedded-cloud:${digest.slice(0, 32)}`;
      try {
        const whole = await started(await connect(), image);
        const sidecar = await whole.startSidecar("a");
        expect(await whole.act("a", "start")).toMatchObject({ status: 204 });
        expect(await eventually(() => tryGet(sidecar, 8080))).toContain("/app/server.js");
        await whole.remove("a");
        await docker(["image", "rm", name]);
        await whole.create("a");
        expect(await whole.act("a", "start")).toMatchObject({ status: 204 });
        expect(await eventually(() => tryGet(sidecar, 8080))).toContain("/app/server.js");
      } finally {
        await tested?.engine.close();
        tested = undefined;
        await docker(["image", "rm", "--force", name]);
      }
    },
    LIMIT_MS,
  );

  withDocker.each([
    ["whose command is not there", { Cmd: ["absent-program"] }, "absent-program"],
    ["whose user is not there", { User: "nobody-knows" }, "nobody-knows"],
  ])(
    "tells in Docker's words of an image %s, and leaves nothing behind",
    async (_title, change, words) => {
      const of = owner();
      const image = { ...application, config: { ...CONFIG, ...change } };
      const failing = await started(await connect({ owner: of }), image);
      const message = expect.stringMatching(new RegExp(`docker cannot start app:1: .*${words}`, "s"));
      expect(await failing.act("a", "start")).toMatchObject({ status: 500, body: { message } });
      expect(failing.lines).toEqual([expect.stringContaining(words)]);
      expect(await idsOf(of)).toEqual([]);
    },
    LIMIT_MS,
  );
});

it("refuses to start where no Docker engine answers, naming the socket", async () => {
  const socketPath = path.join(folder, "absent.sock");
  const connected = DockerLauncher.connect({ socketPath, owner: "nobody", log: () => {} });
  await expect(connected).rejects.toThrow(DockerEngineError);
  await expect(connected).rejects.toThrow(`no Docker engine answers at ${socketPath}`);
});

it("does not wait for an engine that takes a connection and says nothing", async () => {
  const socketPath = path.join(folder, "silent.sock");
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(socketPath, resolve));
  try {
    const connected = DockerLauncher.connect({ socketPath, owner: "nobody", log: () => {}, findDeadlineMs: 100 });
    await expect(connected).rejects.toThrow(`no Docker engine answers at ${socketPath}`);
  } finally {
    silent.close();
  }
});

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return `sha256:${hash.digest("hex")}`;
}
