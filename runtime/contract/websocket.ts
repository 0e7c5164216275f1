import * as z from "zod";
import type { FaultCode } from "./errors";
import { PERSONA_HASH_PATTERN } from "./persona";

/** How far a page is: `generating`, `storing`, then `complete`. */
export interface GenerationProgress {
  status: "generating" | "storing" | "complete";
  progress_percent: number;
}

/** What a shopper's WebSocket is told. */
export type ServerEvent =
  | { type: "ui_ready"; data: { persona_hash: string; generated_at: string } }
  | { type: "generation_progress"; data: GenerationProgress }
  | { type: "error"; data: { code: FaultCode; message: string } };

/**
 * An event as it is sent. One that is remembered until the page is acknowledged has a `seq`; they rise, and a client that
 * comes back with `?since={seq}` gets what came after it. An answer to a client's own message has none.
 */
export type SentEvent = ServerEvent & { seq?: number };

/** What a shopper's WebSocket may say. */
export const ClientEventSchema = z.discriminatedUnion("type", [
  /** Asks for a new page; with `force` also when the present one is fresh. */
  z.object({ type: z.literal("request_refresh"), data: z.object({ force: z.boolean() }) }),
  /** The page of this hash is on the screen: it need not be told of again. */
  z.object({
    type: z.literal("ui_acknowledged"),
    data: z.object({ persona_hash: z.string().regex(PERSONA_HASH_PATTERN, "no hash of a persona") }),
  }),
]);
export type ClientEvent = z.infer<typeof ClientEventSchema>;

/** Longest message of a client, in bytes; a longer one ends the connection with 1009. */
export const MESSAGE_BYTES = 4096;

/** Texts that are no events: a client may send the first at any time and gets the second, without waking anybody. */
export const PING = "ping";
export const PONG = "pong";

/** Codes that a connection is closed with by us. */
export const CLOSE = {
  /** A message was too long. */
  tooLong: 1009,
  /** Too many sockets of one shopper, or too many messages: do not come back. */
  policy: 1008,
  /** The shopper's data were erased: do not come back. */
  erased: 4001,
} as const;
