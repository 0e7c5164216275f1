import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Resource } from "../../../policies/rule";
import type { Plan } from "./plan";

const ROOT = path.join(__dirname, "../../..");
/** Pulumi's word for a text that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const LEVELS = new Map(
  Object.entries(messages.EnforcementLevel).map(([name, number]) => [Number(number), name.toLowerCase()] as const),
);

type Config = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
export interface Reported {
  readonly rule: string;
  readonly resource: string;
  readonly level: string;
  readonly message: string;
}

/** The policy pack as the Pulumi CLI starts it, asked over its own protocol. */
export interface PolicyServer {
  /** What the pack says of itself, and of its config. */
  info(): Promise<{ name: string; rules: string[]; defaults: Config }>;
  /** What it finds in a plan once it has this config, as the CLI hands it over. */
  judge(plan: Plan, config: Config): Promise<Reported[]>;
  stop(): Promise<void>;
}

/** Starts it in its folder with the SDK's own starter, as the language host does. */
export async function startPolicyServer(): Promise<PolicyServer> {
  const starter = path.join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [starter, "127.0.0.1:1", "."], {
    cwd: path.join(ROOT, "policies"),
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const client = new AnalyzerClient(`127.0.0.1:${await portOf(child)}`, credentials.createInsecure());
  const info = await answerOf<messages.AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
  const defaults: Config = Object.fromEntries(
    info.getPoliciesList().map((policy) => {
      const schema = (policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}) as Record<
        string,
        { default: unknown }
      >;
      return [policy.getName(), Object.fromEntries(Object.entries(schema).map(([key, each]) => [key, each.default]))];
    }),
  );
  return {
    info: async () => ({
      name: info.getName(),
      rules: info.getPoliciesList().map((policy) => policy.getName()),
      defaults,
    }),

    async judge({ inputs, outputs }, config) {
      const configure = new messages.ConfigureAnalyzerRequest();
      for (const policy of info.getPoliciesList()) {
        const name = policy.getName();
        const setting = new messages.PolicyConfig();
        setting.setEnforcementlevel(policy.getEnforcementlevel());
        setting.setProperties(structOf({ ...defaults[name], ...config[name] }));
        configure.getPolicyconfigMap().set(name, setting);
      }
      await answerOf((done) => client.configure(configure, done));
      const answers: [string, messages.AnalyzeResponse][] = [];
      for (const resource of inputs) {
        const request = filled(new messages.AnalyzeRequest(), resource);
        answers.push([resource.urn, await answerOf<messages.AnalyzeResponse>((done) => client.analyze(request, done))]);
      }
      const stack = new messages.AnalyzeStackRequest();
      stack.setResourcesList(outputs.map((resource) => filled(new messages.AnalyzerResource(), resource)));
      answers.push(["", await answerOf<messages.AnalyzeResponse>((done) => client.analyzeStack(stack, done))]);
      return answers.flatMap(([urn, answer]) =>
        answer.getDiagnosticsList().map((diagnostic) => ({
          rule: diagnostic.getPolicyname(),
          resource: diagnostic.getUrn() || urn,
          level: LEVELS.get(diagnostic.getEnforcementlevel()) ?? "?",
          message: diagnostic.getMessage(),
        })),
      );
    },

    async stop() {
      client.close();
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const errors: string[] = [];
  child.stderr!.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  for await (const line of createInterface({ input: child.stdout! })) if (/^\d+$/.test(line)) return Number(line);
  throw new Error(`the policy pack did not start:\n${errors.join("")}`);
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

const answerOf = <Response>(ask: (done: Done<Response>) => unknown): Promise<Response> =>
  new Promise((resolve, reject) => void ask((error, response) => (error ? reject(error) : resolve(response))));

const structOf = (value: unknown): Struct =>
  Struct.fromJavaScript(
    JSON.parse(JSON.stringify(value, (_, item: unknown) => (typeof item === "symbol" ? UNKNOWN : item))) as Record<
      string,
      JavaScriptValue
    >,
  );

function filled<Request extends messages.AnalyzeRequest | messages.AnalyzerResource>(
  request: Request,
  { type, name, urn, props, isProtected }: Resource,
): Request {
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(isProtected);
  request.setType(type);
  request.setName(name);
  request.setUrn(urn);
  request.setProperties(structOf(props));
  request.setOptions(options);
  return request;
}
