import { debuglog } from "node:util";
import { Metadata, status, type StatusObject } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { NotReadyError } from "../errors";
import type { Properties } from "../wire";
import { toStruct } from "./struct";

/** Stack traces are for whoever asks for them: `NODE_DEBUG=wandstore:provider`. */
const debug = debuglog("wandstore:provider");
/** A secret that is shorter hides nothing: it would be in many a harmless word. */
const SHORTEST_SECRET = 4;

/**
 * An error as the engine reads it: its message alone, or, of one that was made and is not ready, with its state.
 * @param secrets texts that no message may hold.
 */
export function toFailure(error: unknown, secrets: readonly string[]): Partial<StatusObject> {
  debug("%s", hide(error instanceof Error ? (error.stack ?? error.message) : String(error), secrets));
  const details = hide(error instanceof Error ? error.message : String(error), secrets);
  if (!(error instanceof NotReadyError)) return { code: status.UNKNOWN, details };

  const failed = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.outputs as Properties))
    .setReasonsList(error.reasons.map((reason) => hide(reason, secrets)));
  const packed = new Any();
  packed.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status().setCode(status.UNKNOWN).setMessage(details).setDetailsList([packed]);
  const metadata = new Metadata();
  // Where gRPC keeps the details of an error; grpc-js has no other way to send them.
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}

/** The longest first, so that a secret inside another one leaves nothing of that behind. */
function hide(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, "[secret]"), text);
}
