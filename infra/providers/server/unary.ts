import type { sendUnaryData, ServerUnaryCall, StatusObject } from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { WandStoreProvider } from "../provider";
import { secretTexts } from "../wire";
import { toFailure } from "./failure";
import type { Running } from "./running";
import { fromStruct } from "./struct";

/** What calls share: the provider, as it was configured last, and what is under way. */
export interface Serving {
  provider: WandStoreProvider;
  /** Goes into no message. */
  apiToken: string;
  readonly running: Running;
}

type Handler<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  done: sendUnaryData<Response>,
) => Promise<void>;

/** One method that takes a message and answers with one. Whatever it throws, the engine gets without a secret in it. */
export function unary<Request, Response>(
  serving: Serving,
  method: (request: Request) => Promise<Response>,
): Handler<Request, Response> {
  const answer = async (request: Request): Promise<[Partial<StatusObject> | null, Response | null]> => {
    try {
      return [null, await method(request)];
    } catch (error) {
      return [toFailure(error, [serving.apiToken, ...secretsIn(request)]), null];
    }
  };
  return async ({ request }, done) => done(...(await answer(request)));
}

/** Getters of the protocol's messages that hold properties. */
const HOLDERS = ["getProperties", "getInputs", "getOlds", "getOldInputs", "getNews", "getArgs"] as const;

function secretsIn(request: unknown): string[] {
  const holder = request as Partial<Record<(typeof HOLDERS)[number], () => Struct | undefined>>;
  return HOLDERS.flatMap((getter) => secretTexts(fromStruct(holder[getter]?.call(request))));
}
