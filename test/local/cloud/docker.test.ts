import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { layer } from "./images";
import { askMember, deployPool, pushBuild } from "./pool";
import { eventually, startTestCloud, type TestCloud } from "./support";

const SERVER = `require("node:http").createServer((_, answer) => answer.end("by docker"))
  .listen(Number(process.env.PORT), process.env.HOST);`;

/** A Docker engine answers. Where none does the test is left out, and its name says why. */
const HAS_DOCKER = (() => {
  try {
    execFileSync("docker", ["version"], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
})();
const withDocker = HAS_DOCKER ? it : it.skip;

describe(`A real docker push${HAS_DOCKER ? "" : " (left out: no Docker engine answers)"}`, () => {
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
