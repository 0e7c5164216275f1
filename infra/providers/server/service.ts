import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { connectionOf } from "../config";
import { createProvider } from "../provider";
import { changedConfig, checkConfig, readConfig } from "./configure";
import { checkResponse, diffResponse } from "./responses";
import { resourceCalls } from "./resourceCalls";
import { Running } from "./running";
import { fromStruct } from "./struct";
import { type Serving, unary } from "./unary";

/**
 * The methods of Pulumi's provider protocol. What is missing (parameterised packages, components, lists, mappings) the
 * server answers as unimplemented, and the CLI does without.
 */
export function providerService(env: NodeJS.ProcessEnv): UntypedServiceImplementation {
  const configured = (config: ReturnType<typeof readConfig>): Pick<Serving, "provider" | "apiToken"> => {
    const connection = connectionOf(config, env);
    return { provider: createProvider(connection), apiToken: connection.apiToken };
  };
  const serving: Serving = { ...configured({}), running: new Running() };

  return {
    handshake: unary(serving, async () =>
      new messages.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true),
    ),
    attach: unary(serving, async () => new Empty()),
    getPluginInfo: unary(serving, async () => new PluginInfo().setVersion(serving.provider.version)),
    getSchema: unary(serving, async (request: messages.GetSchemaRequest) => {
      if (request.getVersion() !== 0) throw new Error(`There is no schema version ${request.getVersion()}, only 0.`);
      return new messages.GetSchemaResponse().setSchema(await serving.provider.getSchema());
    }),

    checkConfig: unary(serving, async (request: messages.CheckRequest) =>
      checkResponse(checkConfig(fromStruct(request.getNews()))),
    ),
    diffConfig: unary(serving, async (request: messages.DiffRequest) => {
      const changed = changedConfig(fromStruct(request.getOlds()), fromStruct(request.getNews()));
      return diffResponse(
        { changes: changed.length > 0 },
        changed.map((path) => ({ path, kind: "update" })),
      );
    }),
    configure: unary(serving, async (request: messages.ConfigureRequest) => {
      Object.assign(serving, configured(readConfig(fromStruct(request.getArgs()))));
      return new messages.ConfigureResponse().setAcceptsecrets(true).setAcceptresources(true).setSupportspreview(true);
    }),

    ...resourceCalls(serving),

    invoke: unary(serving, async (request: messages.InvokeRequest) => {
      throw new Error(`The wandstore provider has no function "${request.getTok()}"; it has none at all.`);
    }),
    cancel: unary(serving, async () => {
      serving.running.cancel();
      return new Empty();
    }),
  };
}
