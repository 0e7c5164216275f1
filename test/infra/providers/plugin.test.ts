import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type HttpDouble, startDouble } from "../httpDouble";
import { ACCOUNT, NOT_FOUND, urnOf } from "./setup";

const PROJECT_ROOT = join(__dirname, "../../..");
const URN = urnOf("ContainerApplication");
const inputs = {
  accountId: ACCOUNT,
  name: "wandstore-dev-generator",
  namespaceId: "n".repeat(32),
  image: `registry.cloudflare.com/${ACCOUNT}/wandstore-generator@sha256:${"a".repeat(64)}`,
  instanceType: "lite",
  maxInstances: 10,
};
/** ts-node compiles and checks the provider before it answers: seconds, more on a busy machine. */
const START_LIMIT_MS = 90_000;

let cloud: HttpDouble;
let plugin: ChildProcess;
let client: ResourceProviderClient;

beforeAll(async () => {
  cloud = await startDouble(({ method }) => (method === "POST" ? { result: { id: "app-1" } } : NOT_FOUND));
  // What the CLI does: the SDK's own starter in the provider's folder, and the port as the first line.
  plugin = spawn(process.execPath, [join(PROJECT_ROOT, "node_modules/@pulumi/pulumi/cmd/run-plugin"), "."], {
    cwd: join(PROJECT_ROOT, "infra/providers"),
    env: {
      PATH: process.env["PATH"],
      CLOUDFLARE_BASE_URL: cloud.baseUrl,
      CLOUDFLARE_API_TOKEN: "from-the-environment",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(createInterface(plugin.stdout!), "line")) as [string];
  client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
}, START_LIMIT_MS);

afterAll(async () => {
  client?.close();
  if (plugin.exitCode === null) {
    plugin.kill();
    await once(plugin, "exit");
  }
  await cloud.close();
});

/** One call of the plugin's interface. */
const ask = <Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
const struct = (value: object): Struct => Struct.fromJavaScript(value as Record<string, JavaScriptValue>);

test("the plugin tells its schema: four resources, each with its inputs", async () => {
  const response = await ask<messages.GetSchemaResponse>((done) =>
    client.getSchema(new messages.GetSchemaRequest(), done),
  );
  const schema = JSON.parse(response.getSchema()) as {
    name: string;
    version: string;
    resources: Record<string, { inputProperties: Record<string, unknown>; requiredInputs: string[] }>;
  };
  expect([schema.name, schema.version]).toEqual(["wandstore", "0.1.0"]);
  expect(Object.keys(schema.resources)).toEqual([
    "wandstore:index:ContainerApplication",
    "wandstore:index:D1Migrations",
    "wandstore:index:DurableObjectNamespace",
    "wandstore:index:WorkerVersion",
  ]);
  const application = schema.resources["wandstore:index:ContainerApplication"];
  expect(application?.requiredInputs).toEqual(Object.keys(inputs));
  expect(application?.inputProperties["maxInstances"]).toMatchObject({ type: "integer" });
});

test("check, create and diff go over the wire to the cloud of the environment", async () => {
  const wrong = struct({ ...inputs, maxInstances: 0 });
  const check = new messages.CheckRequest().setUrn(URN).setOlds(struct({})).setNews(wrong);
  const refused = await ask<messages.CheckResponse>((done) => client.check(check, done));
  expect(refused.getFailuresList().map((failure) => failure.getProperty())).toEqual(["maxInstances"]);

  const create = new messages.CreateRequest().setUrn(URN).setProperties(struct(inputs));
  const created = await ask<messages.CreateResponse>((done) => client.create(create, done));
  expect(created.getId()).toBe("app-1");
  expect(created.getProperties()?.toJavaScript()).toEqual({ ...inputs, applicationId: "app-1" });
  expect([...cloud.authorizations]).toEqual(["Bearer from-the-environment"]);

  const diff = new messages.DiffRequest().setId("app-1").setUrn(URN);
  diff.setOlds(created.getProperties()).setNews(struct(inputs));
  const same = await ask<messages.DiffResponse>((done) => client.diff(diff, done));
  expect(same.getChanges()).toBe(messages.DiffResponse.DiffChanges.DIFF_NONE);
});

test("one that is gone is read as gone", async () => {
  const read = new messages.ReadRequest().setId("app-1").setUrn(URN).setProperties(struct(inputs));
  const answer = await ask<messages.ReadResponse>((done) => client.read(read, done));
  expect(answer.getId()).toBe("");
});
