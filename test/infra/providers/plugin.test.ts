import { once } from "node:events";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type Answer, type HttpDouble, type Received, startDouble } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, urnOf } from "./setup";
import { ask, initFailedOf, type Plugin, START_LIMIT_MS, startPlugin, type Values } from "./support/plugin";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ ...SECRET, value });

const APPLICATION = urnOf("ContainerApplication");
const NAMESPACE = urnOf("DurableObjectNamespace");
const application = {
  accountId: ACCOUNT,
  name: "wandstore-dev-generator",
  namespaceId: "n".repeat(32),
  image: `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${"a".repeat(64)}`,
  instanceType: "lite",
  maxInstances: 10,
};
const namespace = { accountId: ACCOUNT, scriptName: "shop", className: "Generator" };

let answer: (request: Received) => Answer;
let cloud: HttpDouble;
let other: HttpDouble;
let plugin: Plugin;
beforeAll(async () => {
  [cloud, other] = [await startDouble((request) => answer(request)), await startDouble((request) => answer(request))];
  plugin = await startPlugin({ CLOUDFLARE_BASE_URL: cloud.baseUrl, CLOUDFLARE_API_TOKEN: "from-the-environment" });
}, START_LIMIT_MS);
beforeEach(async () => {
  answer = ({ method }) => (method === "POST" ? { result: { id: "app-1" } } : { result: [] });
  for (const { received, authorizations } of [cloud, other]) {
    received.length = 0;
    authorizations.clear();
  }
  await plugin.configure({});
});
afterAll(async () => {
  await plugin?.stop();
  await Promise.all([cloud.close(), other.close()]);
});

const failure = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown as { code: number; details: string; message: string },
  );
  if (error) return error;
  throw new Error("expected a failure");
};

test("the CLI's first questions are answered: who it is, what it can do, what it has", async () => {
  expect(await plugin.handshake()).toEqual({ secrets: true, resources: true, outputs: false });
  expect(await plugin.version()).toBe("0.1.0");
  expect(await plugin.configure({})).toEqual({ preview: true });
  const schema = (await plugin.schema()) as { name: string; version: string; resources: Values };
  expect([schema.name, schema.version]).toEqual(["wandstore", "0.1.0"]);
  expect(Object.keys(schema.resources)).toContain("wandstore:index:WorkerVersion");
});

test("what it does not have it says it has not, so that the CLI goes on without", async () => {
  const request = new messages.ParameterizeRequest();
  const refused = await failure(ask((done) => plugin.client.parameterize(request, done)));
  expect(refused.code).toBe(status.UNIMPLEMENTED);
  expect((await failure(plugin.invoke("wandstore:index:getShop"))).details).toMatch(
    /no function "wandstore:index:getShop"/,
  );
  expect((await failure(plugin.check(urnOf("Shop"), {}, {}))).details).toMatch(
    /has no "wandstore:index:Shop". It has .*WorkerVersion/,
  );
});

describe("the provider's config", () => {
  test("wins over the environment, for address and token together", async () => {
    await plugin.create(APPLICATION, application);
    expect([cloud.received.length, [...cloud.authorizations]]).toEqual([1, ["Bearer from-the-environment"]]);
    await plugin.configure({ version: "0.1.0", baseUrl: other.baseUrl, apiToken: secret("from-the-config") });
    await plugin.create(APPLICATION, application);
    expect([...other.authorizations]).toEqual(["Bearer from-the-config"]);
    expect(cloud.received).toHaveLength(1);
  });

  test("that is empty is the same as none", async () => {
    await plugin.configure({ baseUrl: "", apiToken: "" });
    await plugin.create(APPLICATION, application);
    expect([...cloud.authorizations]).toEqual(["Bearer from-the-environment"]);
  });

  test("leaves out what is the project's, which has the same name, and keeps the token secret", async () => {
    const stack = { environment: "prod", pool: '{"size":10}', kimiApiKey: secret("k"), accountId: ACCOUNT };
    const { inputs, failures } = await plugin.checkConfig({ ...stack, version: "0.1.0", apiToken: "t" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ version: "0.1.0", accountId: ACCOUNT, apiToken: secret("t") });
  });

  test("names what is wrong in it, and passes over what is not known yet", async () => {
    expect((await plugin.checkConfig({ baseUrl: "api.cloudflare.com" })).failures).toEqual(["baseUrl"]);
    expect(await plugin.checkConfig({ baseUrl: UNKNOWN, apiToken: UNKNOWN })).toMatchObject({ failures: [] });
    expect((await failure(plugin.configure({ baseUrl: "nonsense" }))).details).toMatch(/baseUrl: expected an address/);
  });

  test("may change without anything being replaced", async () => {
    const olds = { baseUrl: "https://a.example", apiToken: "one", version: "0.1.0" };
    const diff = await plugin.diffConfig(olds, { ...olds, apiToken: "two", baseUrl: "https://b.example" });
    expect(diff).toMatchObject({ changes: true, replaces: [], details: { apiToken: "UPDATE", baseUrl: "UPDATE" } });
    expect(await plugin.diffConfig(olds, { ...olds, environment: "prod" })).toMatchObject({ changes: false });
  });

  test("names the account of an id to import that names none", async () => {
    await plugin.configure({ accountId: ACCOUNT });
    answer = () => ({ result: [{ id: "ns-1", script: "shop", class: "Generator" }] });
    expect(await plugin.read(NAMESPACE, "shop/Generator")).toMatchObject({ id: "ns-1", inputs: namespace });
  });
});

describe("a failure", () => {
  test("is a sentence, not a stack trace, and holds no secret that went into the call", async () => {
    const planted = "planted-value-of-a-secret";
    answer = () => ({ status: 400, error: { code: 7, message: `no such name: ${planted}, from-the-environment` } });
    const { details } = await failure(plugin.create(APPLICATION, { ...application, name: secret(planted) }));
    expect(details).toMatch(/no such name: \[secret\], \[secret\] \(400, code 7\)$/);
    expect(plugin.printed()).not.toMatch(/planted|from-the-environment|\n\s+at /);
  });

  test("of one that was made and is not ready has its id, its state with the secrets sealed, and the reasons", async () => {
    answer = ({ method, path }) => {
      if (path.includes("/api/pool/")) return NOT_FOUND;
      return method === "POST" ? { result: { id: "app-1" } } : { result: { id: "app-1", configuration: {} } };
    };
    const token = "the-admin-token";
    const url = new URL(cloud.baseUrl).origin;
    const verification = secret({ url, token, members: 1, timeoutSeconds: 1 });
    const error = await failure(plugin.create(APPLICATION, { ...application, verification }));
    const failed = initFailedOf(error)!;
    expect(failed).toMatchObject({ id: "app-1", properties: { ...application, applicationId: "app-1" } });
    expect(failed.properties["verification"]).toMatchObject(SECRET);
    expect(failed.reasons.join(" ")).toMatch(/pool-0/);
    expect(JSON.stringify([error.details, failed.reasons])).not.toContain(token);
  }, 60_000);
});

describe("waiting", () => {
  test("ends when customTimeouts are over", async () => {
    const { details } = await failure(plugin.create(NAMESPACE, namespace, { timeout: 0.7 }));
    expect(details).toBe("It took longer than the 0.7 s that customTimeouts allows.");
    expect(cloud.received.length).toBeLessThan(5);
  });

  test("ends when the deployment is cancelled, and the next one is none the worse for it", async () => {
    const waiting = failure(plugin.create(NAMESPACE, namespace));
    while (cloud.received.length === 0) await new Promise(setImmediate);
    await plugin.cancel();
    expect((await waiting).details).toBe("The deployment was cancelled.");
    answer = () => ({ result: [{ id: "ns-1", script: "shop", class: "Generator" }] });
    expect((await plugin.create(NAMESPACE, namespace)).id).toBe("ns-1");
  });
});

test(
  "a plugin whose engine was killed does not stay behind",
  async () => {
    const engine = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const orphan = await startPlugin({}, ["--logtostderr", "-v=9", "--tracing", "127.0.0.1:1", `127.0.0.1:${port}`]);
    try {
      // It has to have met its engine before it can miss it.
      while (!engineWasMet(engine)) await new Promise((resolve) => setTimeout(resolve, 20));
      engine.forceShutdown();
      await once(orphan.process, "exit");
      expect(orphan.process.exitCode).toBe(0);
    } finally {
      await orphan.stop();
    }
  },
  START_LIMIT_MS,
);

/** Whether anybody is connected. */
function engineWasMet(engine: Server): boolean {
  const { sessions } = engine as unknown as { sessions: ReadonlyMap<unknown, unknown> };
  return sessions.size > 0;
}
