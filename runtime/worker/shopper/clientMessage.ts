import { WandError } from "../../contract/errors";
import { ClientEventSchema, type ClientEvent } from "../../contract/websocket";

/** A client's message as an event of the contract. Throws BAD_REQUEST naming the field that is wrong. */
export function parseMessage(message: string | ArrayBuffer): ClientEvent {
  if (typeof message !== "string") throw refusal("message", "is binary; events are text");
  const parsed = ClientEventSchema.safeParse(parseJson(message));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refusal(issue?.path.map(String).join(".") || "message", issue?.message ?? "is not allowed");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("message", "is no JSON");
  }
}

const HELP =
  'Send {"type":"request_refresh","data":{"force":false}} or {"type":"ui_acknowledged","data":{"persona_hash":"v2_…"}}.';

const refusal = (field: string, found: string): WandError =>
  new WandError("BAD_REQUEST", `${field}: ${found}. ${HELP}`, { field });
