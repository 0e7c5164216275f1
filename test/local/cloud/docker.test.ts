import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { docker as asIs, ENGINE, localBase } from "../../images/engine";
import { startCloud, type CloudOptions } from "../../../local/cloud";
import { layer } from "./images";
import { askMember, deployPool, pushBuild } from "./pool";
import { eventually, startTestCloud, type TestCloud } from "./support";

const SERVER = `require("node:http").createServer((_, answer) => answer.end("by docker"))
  .listen(Number(process.env.PORT), process.env.HOST);`;

const withDocker = ENGINE ? it : it.skip;
const note = ENGINE ? "" : " (left out: no Docker engine answers)";

describe(`A real docker push${note}`, () => {
  let test: TestCloud;
  let config: string;
  beforeAll(async () => {
    test = await startTestCloud();
    config = await mkdtemp(join(tmpdir(), "docker-config-"));
  });
  afterAll(async () => {
    await test.stop();
    await rm(config, { recursive: true, force: true });
  });

  async function docker(args: string[], input?: Buffer | string): Promise<string> {
    const running = promisify(execFile)("docker", ["--config", config, ...args], { timeout: 60_000 });
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  }

  withDocker(
    "reaches the registry by the address of its credentials, and what it pushed runs",
    async () => {
      const path = `/accounts/${test.accountId}/containers/registries/registry.cloudflare.com/credentials`;
      const issued = await test.api("POST", path, { permissions: ["pull", "push"], expiration_minutes: 15 });
      const { registry_host, username, password } = issued.body.result as Record<string, string>;
      const repository = `${registry_host}/${test.accountId}/pushed`;
      const changes = ['CMD ["node", "server.js"]', "WORKDIR /app", "ENV PORT=8080", "EXPOSE 8080"];
      const flags = changes.flatMap((change) => ["--change", change]);
      await docker(["import", ...flags, "-", `${repository}:v1`], await layer({ "app/server.js": SERVER }, false));
      try {
        await docker(["login", "--username", username ?? "", "--password-stdin", registry_host ?? ""], password);
        const pushed = await docker(["push", `${repository}:v1`]);
        const digest = /digest: (sha256:[0-9a-f]{64})/.exec(pushed)?.[1] ?? "";

        const application = await deployPool(test, await pushBuild(test, "before"));
        expect((await askMember(test, "a")).text).toBe("before");
        const rollouts = `/accounts/${test.accountId}/containers/applications/${application}/rollouts`;
        const begun = await test.api("POST", rollouts, {
          description: "by docker",
          strategy: "rolling",
          target_configuration: { image: `registry.cloudflare.com/${test.accountId}/pushed@${digest}` },
        });
        expect(begun.status).toBe(201);
        await eventually(async () => (await askMember(test, "a")).text === "by docker");
        await docker(["pull", `${repository}@${digest}`]);
      } finally {
        await docker(["image", "rm", "--force", `${repository}:v1`]);
      }
    },
    120_000,
  );
});

describe(`The cloud with its containers in a Docker engine${note}`, () => {
  const BASE = "wandstore-test-cloud-base:1";
  let test: TestCloud;
  beforeAll(async () => {
    if (!ENGINE) return;
    await localBase(BASE);
    test = await startTestCloud({ docker: { socketPath: "/var/run/docker.sock" } });
  }, 180_000);
  afterAll(async () => {
    if (!ENGINE) return;
    await test.stop();
    expect(await own()).toEqual([]);
    await asIs(["image", "rm", "--force", BASE]);
  }, 120_000);

  /** The containers of this cloud: name and image. */
  const own = async (): Promise<string[]> => {
    const label = `label=embedded-cloud.owner=${test.stateDir}/cloud/data`;
    const rows = await asIs(["ps", "--all", "--filter", label, "--format", "{{.Names}} {{.Image}}"]);
    return rows.split("\n").filter(Boolean);
  };
  const listening = (build: string): string => `
    require("node:http").createServer((_, answer) => answer.end("${build} of " + require("node:os").hostname())).listen(process.env.PORT);
    process.on("SIGTERM", () => process.exit(0));`;

  withDocker(
    "runs a pool of images without their base, keeps to max_instances, and rolls the next one out",
    async () => {
      const first = await pushBuild(test, "first", listening("first"), BASE);
      const application = await deployPool(test, first, { max_instances: 2 });
      const answers = [await askMember(test, "a"), await askMember(test, "b")].map(({ text }) => text);
      expect(answers).toEqual([expect.stringMatching(/^first of/), expect.stringMatching(/^first of/)]);
      expect(new Set(answers).size).toBe(2);
      expect(await own()).toEqual([expect.stringMatching(/^workerd-.* /), expect.stringContaining(BASE)]);
      expect((await askMember(test, "c")).status).toBe(503);
      expect(await own()).toHaveLength(2);

      const instances = await test.api(
        "GET",
        `/accounts/${test.accountId}/containers/applications/${application}/instances`,
      );
      expect(instances.body.result).toMatchObject({ instances: [{ image: first }, { image: first }] });

      const second = await pushBuild(test, "second", listening("second"), BASE);
      const rollouts = `/accounts/${test.accountId}/containers/applications/${application}/rollouts`;
      const target_configuration = { image: second };
      const begun = await test.api("POST", rollouts, {
        description: "next",
        strategy: "rolling",
        target_configuration,
      });
      expect(begun.status).toBe(201);
      await eventually(async () => (await askMember(test, "a")).text.startsWith("second of"));
      await test.restart();
      expect((await askMember(test, "b")).text).toMatch(/^second of/);
    },
    120_000,
  );
});

it("A cloud whose Docker engine does not answer does not start, and leaves its state to the next", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "no-docker-"));
  const start = (more: Partial<CloudOptions>) => startCloud({ stateDir, apiPort: 0, edgePort: 0, ...more });
  const socketPath = join(stateDir, "absent.sock");
  await expect(start({ docker: { socketPath } })).rejects.toMatchObject({
    code: "NO_DOCKER",
    message: expect.stringContaining(`no Docker engine answers at ${socketPath}`),
  });
  await (await start({})).close();
  await rm(stateDir, { recursive: true });
});
