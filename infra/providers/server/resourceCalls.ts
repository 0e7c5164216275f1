import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkResponse, diffResponse } from "./responses";
import { fromStruct, toStruct } from "./struct";
import { type Serving, unary } from "./unary";

/** The methods that are about one resource. */
export function resourceCalls(serving: Serving): UntypedServiceImplementation {
  const { running } = serving;
  return {
    check: unary(serving, async (request: messages.CheckRequest) => {
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const { inputs = news, failures = [] } = await serving.provider.check(request.getUrn(), olds, news);
      return checkResponse({ inputs, failures });
    }),

    diff: unary(serving, async (request: messages.DiffRequest) => {
      const urn = request.getUrn();
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const oldInputs = fromStruct(request.getOldInputs());
      const diff = await serving.provider.diff(request.getId(), urn, olds, news, oldInputs);
      return diffResponse(diff, serving.provider.changes(urn, olds, news, oldInputs));
    }),

    create: unary(serving, async (request: messages.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const response = new messages.CreateResponse();
      if (request.getPreview()) {
        return response.setProperties(toStruct(serving.provider.promise(request.getUrn(), inputs)));
      }
      const { id, outs } = await running.within(request.getTimeout(), (call) =>
        serving.provider.create(request.getUrn(), inputs, call),
      );
      return response.setId(id).setProperties(toStruct(outs));
    }),

    read: unary(serving, async (request: messages.ReadRequest) => {
      const state = fromStruct(request.getProperties());
      const {
        id = "",
        props,
        inputs,
      } = await running.within(request.getTimeout(), (call) =>
        serving.provider.read(request.getId(), request.getUrn(), state, call),
      );
      const response = new messages.ReadResponse();
      // Without properties the engine takes it for gone; with empty ones an import would think that it found something.
      if (id === "") return response;
      return response.setId(id).setProperties(toStruct(props)).setInputs(toStruct(inputs));
    }),

    update: unary(serving, async (request: messages.UpdateRequest) => {
      const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
      const response = new messages.UpdateResponse();
      if (request.getPreview()) {
        return response.setProperties(toStruct(serving.provider.promise(request.getUrn(), news, olds)));
      }
      const { outs } = await running.within(request.getTimeout(), (call) =>
        serving.provider.update(request.getId(), request.getUrn(), olds, news, call),
      );
      return response.setProperties(toStruct(outs));
    }),

    delete: unary(serving, async (request: messages.DeleteRequest) => {
      const state = fromStruct(request.getProperties());
      await running.within(request.getTimeout(), (call) =>
        serving.provider.delete(request.getId(), request.getUrn(), state, call),
      );
      return new Empty();
    }),
  };
}
