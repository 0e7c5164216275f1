import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decide } from "../../../../local/deploy/engine/decide";
import { UNKNOWN, type Props } from "../../../../local/deploy/engine/values";
import { createHandlers } from "../../../../local/deploy/handlers";
import type { Existing, Handler, Handlers } from "../../../../local/deploy/handlers/handler";
import { handlersOnACloud } from "../support/handled";

jest.setTimeout(60_000);

const IMAGE = "docker:index/image:Image";
const PUSHED = "wandstore:index:RegistryImage";
const URN = `urn:pulumi:dev::wandstore::wandstore:infra:GeneratorImage$${PUSHED}::generator-registry`;

const handled = handlersOnACloud();
let handlers: Handlers;
beforeEach(() => {
  const dockerfile = 'FROM node:24\nCOPY a.js ./\nCMD ["node", "a.js"]\nLABEL org.opencontainers.image.revision="b1"\n';
  mkdirSync(path.join(handled.folder, "context"), { recursive: true });
  writeFileSync(path.join(handled.folder, "context/Dockerfile"), dockerfile);
  writeFileSync(path.join(handled.folder, "context/a.js"), "1");
  handlers = newRun();
});

/** Each run of a program has handlers of its own. */
const newRun = (): Handlers =>
  createHandlers({ projectDir: handled.folder, programDir: handled.folder, cloud: handled.cloud });
const handlerOf = (type: string): Handler => handlers.get(type)!;
const local = (imageName = "wandstore-generator:t1"): Props => ({
  imageName,
  build: { context: "context", dockerfile: "context/Dockerfile", platform: "linux/amd64" },
  skipPush: true,
});
const pushed = (tag = "t1", localImage = "wandstore-generator:t1"): Props => ({
  accountId: handled.cloud.accountId,
  repository: "wandstore-generator",
  tag,
  localImage,
});
const check = (inputs: Props, old?: Existing): Promise<Props> => handlerOf(IMAGE).check!("urn", inputs, old);
const pull = (what: string): Promise<Response> =>
  fetch(`${handled.cloud.registryUrl}/v2/${handled.cloud.accountId}/wandstore-generator/${what}`, {
    headers: { authorization: `Bearer ${handled.cloud.apiToken}` },
  });

test("an image that is not to be pushed is none of the registry's, and answers as the real provider does", async () => {
  const { id, outputs } = await handlerOf(IMAGE).create("urn", await check(local()));
  expect(id).toBe("wandstore-generator:t1");
  expect(outputs).toEqual({
    imageName: "wandstore-generator:t1",
    baseImageName: "wandstore-generator:t1",
    context: "context",
    dockerfile: "Dockerfile",
    platform: "linux/amd64",
    registryServer: "",
    repoDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect((await pull("manifests/t1")).status).toBe(404);
});

test("our provider pushes it by its local name, with the very configuration that was built", async () => {
  const { outputs } = await handlerOf(IMAGE).create("urn", await check(local()));
  const made = await handlerOf(PUSHED).create(URN, pushed());
  expect(made.outputs.ref).toBe(
    `registry.cloudflare.com/${handled.cloud.accountId}/wandstore-generator@${String(made.outputs.digest)}`,
  );
  const manifest = (await (await pull(`manifests/${String(made.outputs.digest)}`)).json()) as {
    config: { digest: string };
  };
  expect(manifest.config.digest).toBe(outputs.repoDigest);
  const config = (await (await pull(`blobs/${manifest.config.digest}`)).json()) as { config: object };
  expect(config.config).toMatchObject({ Labels: { "org.opencontainers.image.revision": "b1" } });
});

test("a later run in which nothing of the image changed can push it too", async () => {
  const old = await check(local());
  handlers = newRun();
  const inputs = await check(local());
  const existing = { urn: "urn", id: "wandstore-generator:t1", inputs: old, outputs: {} };
  const state = {
    ...existing,
    type: IMAGE,
    name: "n",
    custom: true,
    dependencies: [],
    protect: false,
    retainOnDelete: false,
  };
  const options = { replaceOnChanges: [], deleteBeforeReplace: undefined };
  expect(await decide(handlerOf(IMAGE), state, inputs, options)).toMatchObject({ op: "same" });
  expect((await handlerOf(PUSHED).create(URN, pushed("later"))).outputs.digest).toMatch(/^sha256:/);
});

test("what the registry has under the tag already is neither built nor pushed", async () => {
  await check(local());
  const first = await handlerOf(PUSHED).create(URN, pushed("kept"));
  handlers = newRun(); // without the image
  expect((await handlerOf(PUSHED).create(URN, pushed("kept"))).outputs).toEqual(first.outputs);
});

test("an image that the program does not have cannot be pushed, and the message says which it has", async () => {
  await check(local());
  await expect(handlerOf(PUSHED).create(URN, pushed("t2", "wandstore-generator:other"))).rejects.toThrow(
    "no docker.Image of this program is named wandstore-generator:other; it has wandstore-generator:t1",
  );
});

test.each([
  ["", "reads repository:tag"],
  ["Upper:1", "reads repository:tag"],
  ["a@sha256:0", "reads repository:tag"],
])("a local image named %j is refused", async (name, words) => {
  await expect(check(local(name))).rejects.toThrow(words);
});

test.each(["wandstore-generator", "registry.example.com/a/b:1.2-x", UNKNOWN])(
  "a local image named %j is fine",
  async (name) => {
    await expect(check(local(name))).resolves.toMatchObject({ imageName: name });
  },
);

test("build arguments reach the Dockerfile and are part of the inputs; a stage that is named as the target is refused", async () => {
  writeFileSync(
    path.join(handled.folder, "context/Dockerfile"),
    "ARG BASE=node:24\nFROM $BASE\nARG FILE\nCOPY $FILE ./\n",
  );
  const build = { context: "context", args: { BASE: "node:25", FILE: "a.js" } };
  const checked = (await check({ ...local(), build })).build as Props;
  expect(checked.args).toEqual(build.args);
  const other = (await check({ ...local(), build: { ...build, args: { FILE: "a.js" } } })).build as Props;
  expect(other.contextDigest).not.toBe(checked.contextDigest);
  await expect(check({ ...local(), build: { ...build, target: "one" } })).rejects.toThrow("build.target names a stage");
});
