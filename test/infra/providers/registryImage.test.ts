import type { PushImage } from "../../../infra/providers/context";
import { createProvider, type WandStoreProvider } from "../../../infra/providers/provider";
import { isLoopback, registryOrigin } from "../../../infra/providers/registry/address";
import { PASSWORD, type RegistryDouble, registryDouble } from "./registryDouble";
import { ACCOUNT, urnOf } from "./setup";

const URN = urnOf("RegistryImage");
const TAG = "0123456789abcdef";
const DIGEST = `sha256:${"a".repeat(64)}`;
const OTHER = `sha256:${"b".repeat(64)}`;
const inputs = {
  accountId: ACCOUNT,
  repository: "wandstore-generator",
  tag: TAG,
  localImage: `wandstore-generator:${TAG}`,
};
const outputs = { digest: DIGEST, ref: `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@${DIGEST}` };
const CREDENTIALS = `POST /client/v4/accounts/${ACCOUNT}/containers/registries/registry.cloudflare.com/credentials`;
const HEAD = `HEAD /v2/${ACCOUNT}/wandstore-generator/manifests/${TAG}`;

let registry: RegistryDouble;
let provider: WandStoreProvider;
let pushes: Parameters<PushImage>[0][];
/** What the registry has after a push, and what the push says of it. */
let pushed: { has: string | undefined; says: string };

beforeEach(async () => {
  registry = await registryDouble();
  pushes = [];
  pushed = { has: DIGEST, says: DIGEST };
  provider = createProvider({
    baseUrl: registry.baseUrl,
    apiToken: "t",
    sleep: async () => {},
    pushImage: async (image) => {
      pushes.push(image);
      if (pushed.has !== undefined) registry.tags.set(image.tag, pushed.has);
      return { digest: pushed.says };
    },
  });
});
afterEach(() => registry.close());

const failure = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    (value) => `no failure: ${JSON.stringify(value)}`,
    (error: unknown) => String(error),
  );

describe("create", () => {
  test("takes what the registry has under the tag, and pushes nothing", async () => {
    registry.tags.set(TAG, DIGEST);
    const made = await provider.create(URN, inputs);
    expect(made).toEqual({ id: `${ACCOUNT}/wandstore-generator`, outs: { ...inputs, ...outputs } });
    expect(pushes).toEqual([]);
    expect(registry.received).toEqual([CREDENTIALS, HEAD]);
    expect(registry.asked).toEqual([{ permissions: ["push", "pull"], expiration_minutes: 15 }]);
  });

  test("asks for every form that an image may have, so that the digest is that of an index too", async () => {
    registry.tags.set(TAG, DIGEST);
    await provider.create(URN, inputs);
    for (const kind of ["image.manifest.v1", "image.index.v1", "manifest.v2", "manifest.list.v2"]) {
      expect(registry.headers.accept).toContain(`${kind}+json`);
    }
  });

  test("pushes what the registry lacks, and answers with the digest that the registry has then", async () => {
    const { outs } = await provider.create(URN, inputs);
    expect(outs).toEqual({ ...inputs, ...outputs });
    expect(pushes).toEqual([
      {
        local: inputs.localImage,
        registry: registry.host,
        repository: `${ACCOUNT}/wandstore-generator`,
        tag: TAG,
        username: "v1",
        password: PASSWORD,
      },
    ]);
    expect(registry.received).toEqual([CREDENTIALS, HEAD, HEAD]);
    expect(JSON.stringify(outs)).not.toContain(PASSWORD);
  });

  test.each([
    ["another digest", OTHER, /ended with the digest sha256:a+, and the registry has sha256:b+\. Deploy again/],
    ["nothing", undefined, /the registry has no such tag/],
  ])("a push that says what is not so is an error: the registry has %s", async (_what, has, words) => {
    pushed = { has, says: DIGEST };
    expect(await failure(provider.create(URN, inputs))).toMatch(words);
  });

  test("after a push whose answer was lost, finds the image and pushes no more", async () => {
    const lost = createProvider({
      baseUrl: registry.baseUrl,
      apiToken: "t",
      pushImage: async ({ tag }) => {
        registry.tags.set(tag, DIGEST);
        throw new Error("connection reset");
      },
    });
    await expect(lost.create(URN, inputs)).rejects.toThrow("connection reset");
    expect((await provider.create(URN, inputs)).outs).toMatchObject(outputs);
    expect(pushes).toEqual([]);
  });
});

describe("a registry that wants a token", () => {
  const realm = () => `http://${registry.host}/token`;

  test("gets one from whom it names", async () => {
    registry.tags.set(TAG, DIGEST);
    registry.challenge = `Bearer realm="${realm()}",service="a registry",scope="repository:x:pull"`;
    expect((await provider.create(URN, inputs)).outs).toMatchObject(outputs);
    expect(registry.received.slice(1)).toEqual([
      HEAD,
      "GET /token?service=a+registry&scope=repository%3Ax%3Apull",
      HEAD,
    ]);
  });

  test.each(["http://registry.example.com/token", "", "nonsense"])(
    "gets none over an open line: %s",
    async (elsewhere) => {
      registry.challenge = `Bearer realm="${elsewhere}"`;
      expect(await failure(provider.create(URN, inputs))).toContain("the password goes to https addresses only");
      expect(registry.received).toEqual([CREDENTIALS, HEAD]);
    },
  );
});

test.each([
  [401, "refused to look for"],
  [403, "Workers Containers Write"],
  [500, "answered 500"],
  [200, 'says "" for its digest'],
])("a registry that answers %d is an error, without the password, and nothing is pushed", async (status, words) => {
  registry.status = status;
  const message = await failure(provider.create(URN, inputs));
  expect(message).toContain(words);
  expect(message).not.toContain(PASSWORD);
  expect(pushes).toEqual([]);
});

describe("diff", () => {
  const olds = { ...inputs, ...outputs };
  const diff = (change: object) => provider.diff("id", URN, olds, { ...inputs, ...change });

  test("another tag is another image, in place", async () => {
    expect(await diff({ tag: "fedcba9876543210" })).toMatchObject({ changes: true, replaces: [] });
  });

  test("another local name alone changes nothing", async () => {
    expect(await diff({ localImage: "elsewhere:1" })).toMatchObject({ changes: false });
    expect(await diff({})).toMatchObject({ changes: false });
  });

  test.each([{ repository: "other" }, { accountId: "f".repeat(32) }])("%j replaces", async (change) => {
    expect(await diff(change)).toMatchObject({ changes: true, replaces: Object.keys(change) });
  });
});

test("an update pushes the new tag", async () => {
  const news = { ...inputs, tag: "fedcba9876543210" };
  const { outs } = await provider.update("id", URN, { ...inputs, ...outputs, digest: OTHER }, news);
  expect(outs).toEqual({ ...news, ...outputs });
  expect(pushes.map(({ tag }) => tag)).toEqual(["fedcba9876543210"]);
});

describe("read", () => {
  test("finds the digest that the tag has now, with credentials that can push nothing", async () => {
    registry.tags.set(TAG, OTHER);
    const { props } = await provider.read("id", URN, { ...inputs, ...outputs });
    expect(props).toEqual({ ...inputs, digest: OTHER, ref: outputs.ref.replace(DIGEST, OTHER) });
    expect(registry.asked).toEqual([{ permissions: ["pull"], expiration_minutes: 15 }]);
  });

  test("finds that the tag is gone", async () => {
    expect((await provider.read("id", URN, { ...inputs, ...outputs })).id).toBe("");
  });
});

describe("import", () => {
  test("takes account, repository and tag", async () => {
    registry.tags.set(TAG, DIGEST);
    const found = await provider.read(`${ACCOUNT}/wandstore-generator:${TAG}`, URN);
    expect(found).toEqual({ id: `${ACCOUNT}/wandstore-generator`, inputs, props: { ...inputs, ...outputs } });
    expect(await provider.diff(found.id ?? "", URN, found.props ?? {}, inputs)).toMatchObject({ changes: false });
  });

  test("finds nothing under a tag that nobody pushed", async () => {
    expect((await provider.read(`${ACCOUNT}/wandstore-generator:none`, URN)).id).toBe("");
  });

  test("refuses an id without a tag", async () => {
    expect(await failure(provider.read(`${ACCOUNT}/wandstore-generator`, URN))).toContain(
      "{accountId}/{repository}:{tag}",
    );
  });
});

test("a delete asks for nothing: another stack may run the image", async () => {
  await provider.delete("id", URN, { ...inputs, ...outputs });
  expect(registry.received).toEqual([]);
});

test.each([
  [{ repository: "Upper" }, "repository"],
  [{ repository: "a/" }, "repository"],
  [{ tag: "a b" }, "tag"],
  [{ tag: "a".repeat(129) }, "tag"],
  [{ localImage: "" }, "localImage"],
])("%j is refused before anything is asked", async (change, property) => {
  const { failures = [] } = await provider.check(URN, {}, { ...inputs, ...change });
  expect(failures.map((each) => each.property)).toEqual([property]);
});

test("only this machine is asked without TLS", () => {
  expect(registryOrigin("registry.cloudflare.com")).toBe("https://registry.cloudflare.com");
  expect(registryOrigin("127.0.0.1:8788")).toBe("http://127.0.0.1:8788");
  for (const host of ["localhost", "localhost:5000", "127.1.2.3", "[::1]:5000"]) expect(isLoopback(host)).toBe(true);
  for (const host of ["localhost.example.com", "127.0.0.1.example.com", "1127.0.0.1", "10.0.0.1", "[::2]"]) {
    expect(isLoopback(host)).toBe(false);
  }
});
