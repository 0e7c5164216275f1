import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProvider } from "../../../infra/providers/provider";
import { dockerPush, type DockerPushOptions } from "../../../infra/providers/registry/dockerPush";
import { startTestCloud, type TestCloud } from "../../local/cloud/support";
import { registry } from "../../local/cloud/images";
import { type FakeDocker, fakeDocker } from "./fakeDocker";
import { urnOf } from "./setup";

const URN = urnOf("RegistryImage");
let cloud: TestCloud;
let docker: FakeDocker;
let tags = 0;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());
beforeEach(() => {
  docker = fakeDocker();
});

const providerWith = (options: DockerPushOptions) =>
  createProvider({
    baseUrl: cloud.cloud.apiUrl,
    apiToken: cloud.cloud.apiToken,
    pushImage: dockerPush(options),
    sleep: async () => {},
  });
const inputs = () => ({
  accountId: cloud.accountId,
  repository: "wandstore-generator",
  tag: `tag-${++tags}`,
  localImage: "wandstore-generator:local",
});
const failure = (options: DockerPushOptions): Promise<string> =>
  providerWith(options)
    .create(URN, inputs())
    .then(
      () => "no failure",
      (error: unknown) => String(error),
    );
const commands = () => docker.calls().map(({ args }) => args.filter((arg) => !arg.startsWith("/")).join(" "));

test("an image goes from the engine into the registry of an account, and only once", async () => {
  const provider = providerWith({ env: docker.env() });
  const wanted = inputs();
  const { outs } = await provider.create(URN, wanted);
  const host = new URL(cloud.cloud.apiUrl).host;
  const target = `${host}/${cloud.accountId}/wandstore-generator:${wanted.tag}`;
  expect(commands()).toEqual([
    "context inspect",
    "version --format {{.Server.Version}}",
    "image inspect --format {{.Id}} wandstore-generator:local",
    `--config tag wandstore-generator:local ${target}`,
    `--config push ${target}`,
  ]);
  const there = await registry(
    cloud.cloud,
    "HEAD",
    `/v2/${cloud.accountId}/wandstore-generator/manifests/${wanted.tag}`,
  );
  expect(outs?.digest).toBe(there.headers.get("docker-content-digest"));
  expect(outs?.ref).toBe(`registry.cloudflare.com/${cloud.accountId}/wandstore-generator@${String(outs?.digest)}`);

  expect((await provider.create(URN, wanted)).outs).toEqual(outs);
  expect(docker.calls()).toHaveLength(5);
});

test("the credentials are in a folder that only its owner can read, and gone after the push", async () => {
  await providerWith({ env: docker.env({ DOCKER_CONFIG: "/the/users/own" }) }).create(URN, inputs());
  const [tagged, pushed] = docker.calls().slice(-2);
  expect(pushed?.config).toMatchObject({ mode: "700", fileMode: "600" });
  expect(tagged?.config?.folder).toBe(pushed?.config?.folder);
  expect(existsSync(pushed?.config?.folder ?? "/")).toBe(false);
  const host = new URL(cloud.cloud.apiUrl).host;
  const { auths } = (pushed?.config?.content ?? {}) as { auths: Record<string, { auth: string }> };
  expect(Object.keys(auths)).toEqual([host]);
  const [user, password] = Buffer.from(auths[host]?.auth ?? "", "base64")
    .toString()
    .split(":");
  expect(user).toBe("v1");
  expect(JSON.stringify(docker.calls().map(({ args, env }) => [args, env]))).not.toContain(password);
});

describe("the engine", () => {
  const engineOfPush = () => docker.calls().at(-1)?.env;
  const context = (endpoint: object, more: object = {}) =>
    JSON.stringify([{ Name: "mine", Endpoints: { docker: endpoint }, ...more }]);

  test("is that of the current context, which the push could not find by itself", async () => {
    const FAKE_DOCKER_CONTEXT = context({ Host: "unix:///home/me/.colima/docker.sock", SkipTLSVerify: false });
    await providerWith({ env: docker.env({ FAKE_DOCKER_CONTEXT, DOCKER_CONTEXT: "mine" }) }).create(URN, inputs());
    expect(engineOfPush()).toEqual({ DOCKER_HOST: "unix:///home/me/.colima/docker.sock", DOCKER_CONTEXT: "" });
  });

  test("is that of DOCKER_HOST, with what the environment says of TLS", async () => {
    const env = { DOCKER_HOST: "tcp://10.0.0.1:2376", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };
    await providerWith({ env: docker.env(env) }).create(URN, inputs());
    expect(engineOfPush()).toEqual({ ...env, DOCKER_CONTEXT: "" });
  });

  test("is reached with the TLS files of its context", async () => {
    const FAKE_DOCKER_CONTEXT = context(
      { Host: "tcp://10.0.0.1:2376", SkipTLSVerify: false },
      { TLSMaterial: { docker: ["ca.pem", "cert.pem", "key.pem"] }, Storage: { TLSPath: "/contexts/tls/1" } },
    );
    await providerWith({ env: docker.env({ FAKE_DOCKER_CONTEXT }) }).create(URN, inputs());
    expect(engineOfPush()).toMatchObject({ DOCKER_CERT_PATH: "/contexts/tls/1/docker", DOCKER_TLS_VERIFY: "1" });
  });

  test("has to be named by the docker command", async () => {
    expect(await failure({ env: docker.env({ FAKE_DOCKER_CONTEXT: "[]" }) })).toContain(
      "does not say where the engine is",
    );
  });
});

describe("what is missing is named, with the way out", () => {
  const wayOut = /or set `wandstore:image: \{ref: registry\.cloudflare\.com/;

  test("no docker command", async () => {
    const message = await failure({ env: { PATH: mkdtempSync(join(tmpdir(), "empty-path-")) } });
    expect(message).toMatch(/no docker command.*Install and start Docker/);
    expect(message).toMatch(wayOut);
  });

  test("no engine", async () => {
    const message = await failure({ env: docker.env({ FAKE_DOCKER: "version" }) });
    expect(message).toMatch(/No Docker engine answers at unix:\/\/\/var\/run\/docker\.sock\. Start Docker/);
    expect(message).toMatch(wayOut);
    expect(commands()).not.toContainEqual(expect.stringContaining("push"));
  });

  test("no such image", async () => {
    const message = await failure({ env: docker.env({ FAKE_DOCKER: "image" }) });
    expect(message).toMatch(/has no image wandstore-generator:local.*pulumi up --replace/);
  });
});

test.each(["tag", "push"])("a docker %s that fails says why, but no password", async (command) => {
  const message = await failure({ env: docker.env({ FAKE_DOCKER: command }) });
  expect(message).toMatch(new RegExp(`docker ${command} .* failed: denied: \\[secret\\] is \\[secret\\]`));
  expect(existsSync(docker.calls().at(-1)?.config?.folder ?? "/")).toBe(false);
});

test("a push that does not name the digest is an error", async () => {
  expect(await failure({ env: docker.env({ FAKE_DOCKER: "silent" }) })).toContain("did not say the image's digest");
});

test("a push that hangs is ended, and its credentials are removed", async () => {
  const message = await failure({ env: docker.env({ FAKE_DOCKER: "hang" }), deadlineMs: 1500 });
  expect(message).toMatch(/docker push was not done within 1\.5 s/);
  expect(existsSync(docker.calls().at(-1)?.config?.folder ?? "/")).toBe(false);
});

describe("a real engine", () => {
  const runs = spawnSync("docker", ["info"], { timeout: 20_000 }).status === 0;
  const name = "wandstore-test-push:1";
  if (!runs) console.warn("no Docker engine answers here: the push from a real one is skipped");

  (runs ? test : test.skip)(
    "pushes what it has built",
    async () => {
      const context = mkdtempSync(join(tmpdir(), "docker-build-"));
      writeFileSync(join(context, "Dockerfile"), "FROM scratch\nCOPY hello /hello\n");
      writeFileSync(join(context, "hello"), "hello");
      execFileSync("docker", ["build", "-q", "-t", name, context], { env: { ...process.env, DOCKER_BUILDKIT: "0" } });
      const wanted = { ...inputs(), localImage: name };
      const target = `${new URL(cloud.cloud.apiUrl).host}/${cloud.accountId}/wandstore-generator:${wanted.tag}`;
      try {
        const { outs } = await providerWith({}).create(URN, wanted);
        const path = `/v2/${cloud.accountId}/wandstore-generator/manifests/${String(outs?.digest)}`;
        expect((await registry(cloud.cloud, "GET", path)).status).toBe(200);
        expect((await providerWith({ env: { PATH: "" } }).create(URN, wanted)).outs).toEqual(outs);
      } finally {
        spawnSync("docker", ["image", "rm", name, target]);
      }
    },
    120_000,
  );
});
