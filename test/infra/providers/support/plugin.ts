import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

export const PROJECT_ROOT = join(__dirname, "../../../..");
/** ts-node compiles and checks the provider before it answers: seconds, more on a busy machine. */
export const START_LIMIT_MS = 120_000;

export type Values = Record<string, unknown>;

/** What a create or an update that ended with "made, but not ready" says. */
export interface InitFailed {
  readonly id: string;
  readonly properties: Values;
  readonly reasons: string[];
}

/** The provider as the CLI starts it, asked over its own protocol with plain values. */
export interface Plugin {
  readonly process: ChildProcess;
  readonly client: ResourceProviderClient;
  /** What it printed so far, both ways. */
  printed(): string;
  handshake(): Promise<{ secrets: boolean; resources: boolean; outputs: boolean }>;
  version(): Promise<string>;
  schema(): Promise<Values>;
  checkConfig(news: Values): Promise<{ inputs: Values; failures: string[] }>;
  diffConfig(olds: Values, news: Values): Promise<Diff>;
  configure(args: Values): Promise<{ preview: boolean }>;
  check(urn: string, olds: Values, news: Values): Promise<{ inputs: Values; failures: [string, string][] }>;
  diff(urn: string, id: string, state: State, news: Values): Promise<Diff>;
  create(
    urn: string,
    inputs: Values,
    how?: { preview?: boolean; timeout?: number },
  ): Promise<{ id: string; outputs: Values }>;
  /** Undefined for one that is gone. Without a state it is an import. */
  read(urn: string, id: string, state?: State): Promise<({ id: string } & State) | undefined>;
  update(
    urn: string,
    id: string,
    state: State,
    news: Values,
    how?: { preview?: boolean; timeout?: number },
  ): Promise<Values>;
  remove(urn: string, id: string, state: State): Promise<void>;
  invoke(token: string): Promise<void>;
  cancel(): Promise<void>;
  stop(): Promise<void>;
}

/** What the engine keeps of a resource. */
export interface State {
  readonly inputs: Values;
  readonly outputs: Values;
}

export interface Diff {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly stables: string[];
  readonly deleteBeforeReplace: boolean;
  /** By path: `ADD`, `UPDATE_REPLACE` … */
  readonly details: Record<string, string>;
}

/** Starts it in its folder with the SDK's own starter, as the language host does. */
export async function startPlugin(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Plugin> {
  const starter = join(PROJECT_ROOT, "node_modules/@pulumi/pulumi/cmd/run-plugin");
  const child = spawn(process.execPath, [starter, ".", ...args], {
    cwd: join(PROJECT_ROOT, "infra/providers"),
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  }
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`the plugin ended: ${printed}`)));
  const [port] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
  ended.catch(() => {});
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return { process: child, client, printed: () => printed, ...callsOf(client), stop };

  async function stop(): Promise<void> {
    client.close();
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, "exit");
  }
}

type Calls = Omit<Plugin, "process" | "client" | "printed" | "stop">;

function callsOf(client: ResourceProviderClient): Calls {
  return {
    async handshake() {
      const request = new messages.ProviderHandshakeRequest().setEngineAddress("127.0.0.1:1");
      const response = await ask<messages.ProviderHandshakeResponse>((done) => client.handshake(request, done));
      return {
        secrets: response.getAcceptSecrets(),
        resources: response.getAcceptResources(),
        outputs: response.getAcceptOutputs(),
      };
    },
    version: async () => (await ask<PluginInfo>((done) => client.getPluginInfo(new Empty(), done))).getVersion(),
    async schema() {
      const request = new messages.GetSchemaRequest();
      const response = await ask<messages.GetSchemaResponse>((done) => client.getSchema(request, done));
      return JSON.parse(response.getSchema()) as Values;
    },
    async checkConfig(news) {
      const request = new messages.CheckRequest().setUrn(PROVIDER_URN).setOlds(struct({})).setNews(struct(news));
      const response = await ask<messages.CheckResponse>((done) => client.checkConfig(request, done));
      return {
        inputs: plain(response.getInputs()),
        failures: response.getFailuresList().map((one) => one.getProperty()),
      };
    },
    async diffConfig(olds, news) {
      const request = new messages.DiffRequest().setUrn(PROVIDER_URN).setOlds(struct(olds)).setNews(struct(news));
      return diffOf(await ask<messages.DiffResponse>((done) => client.diffConfig(request, done)));
    },
    async configure(args) {
      const request = new messages.ConfigureRequest().setArgs(struct(args)).setAcceptsecrets(true);
      const response = await ask<messages.ConfigureResponse>((done) => client.configure(request, done));
      return { preview: response.getSupportspreview() };
    },
    async check(urn, olds, news) {
      const request = new messages.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news));
      const response = await ask<messages.CheckResponse>((done) => client.check(request, done));
      return {
        inputs: plain(response.getInputs()),
        failures: response.getFailuresList().map((one) => [one.getProperty(), one.getReason()]),
      };
    },
    async diff(urn, id, { inputs, outputs }, news) {
      const request = new messages.DiffRequest().setUrn(urn).setId(id);
      request.setOlds(struct(outputs)).setOldInputs(struct(inputs)).setNews(struct(news));
      return diffOf(await ask<messages.DiffResponse>((done) => client.diff(request, done)));
    },
    async create(urn, inputs, { preview = false, timeout = 0 } = {}) {
      const request = new messages.CreateRequest().setUrn(urn).setProperties(struct(inputs));
      request.setPreview(preview).setTimeout(timeout);
      const response = await ask<messages.CreateResponse>((done) => client.create(request, done));
      return { id: response.getId(), outputs: plain(response.getProperties()) };
    },
    async read(urn, id, state) {
      const request = new messages.ReadRequest().setUrn(urn).setId(id);
      // For an import the engine sends neither.
      if (state) request.setProperties(struct(state.outputs)).setInputs(struct(state.inputs));
      const response = await ask<messages.ReadResponse>((done) => client.read(request, done));
      // The engine takes it for gone when it has no properties; empty ones would be an import of nothing.
      if (!response.hasProperties()) return undefined;
      return { id: response.getId(), inputs: plain(response.getInputs()), outputs: plain(response.getProperties()) };
    },
    async update(urn, id, { inputs, outputs }, news, { preview = false, timeout = 0 } = {}) {
      const request = new messages.UpdateRequest().setUrn(urn).setId(id).setNews(struct(news));
      request.setOlds(struct(outputs)).setOldInputs(struct(inputs)).setPreview(preview).setTimeout(timeout);
      const response = await ask<messages.UpdateResponse>((done) => client.update(request, done));
      return plain(response.getProperties());
    },
    async remove(urn, id, { inputs, outputs }) {
      const request = new messages.DeleteRequest().setUrn(urn).setId(id);
      request.setProperties(struct(outputs)).setOldInputs(struct(inputs));
      await ask<Empty>((done) => client.delete(request, done));
    },
    async invoke(token) {
      const request = new messages.InvokeRequest().setTok(token).setArgs(struct({}));
      await ask<messages.InvokeResponse>((done) => client.invoke(request, done));
    },
    async cancel() {
      await ask<Empty>((done) => client.cancel(new Empty(), done));
    },
  };
}

const PROVIDER_URN = "urn:pulumi:dev::wandstore::pulumi:providers:wandstore::default";

/** One call of the protocol. */
export const ask = <Response>(
  call: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> =>
  new Promise((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });

/** What an error says of one that was made and is not ready; undefined for any other error. */
export function initFailedOf(error: unknown): InitFailed | undefined {
  const [packed] = (error as ServiceError).metadata?.get("grpc-status-details-bin") ?? [];
  if (!(packed instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  if (detail?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") return undefined;
  const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return { id: failed.getId(), properties: plain(failed.getProperties()), reasons: failed.getReasonsList() };
}

function diffOf(response: messages.DiffResponse): Diff {
  const kinds = Object.entries(messages.PropertyDiff.Kind);
  const details = [...response.getDetaileddiffMap().entries()].map(([path, property]) => {
    return [path, kinds.find(([, value]) => value === property.getKind())?.[0] ?? "?"] as const;
  });
  return {
    changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
    replaces: response.getReplacesList(),
    stables: response.getStablesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    details: Object.fromEntries(details),
  };
}

const struct = (value: Values): Struct => Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
const plain = (value: Struct | undefined): Values => (value?.toJavaScript() ?? {}) as Values;
