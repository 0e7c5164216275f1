import * as z from "zod";
import type { FaultCode } from "../../contract/errors";
import { PERSONA_HASH_PATTERN, PersonaSchema } from "../../contract/persona";
import type { GenerationProgress } from "../../contract/websocket";
import type { Fact } from "../../lib/persona/facts";

export interface ShopperName {
  store: string;
  shopper: string;
}

/** The last page that was stored for a shopper. */
export const StoredPageSchema = z.object({
  persona_hash: z.string().regex(PERSONA_HASH_PATTERN),
  generated_at: z.iso.datetime(),
  job_id: z.string(),
});
export type StoredPage = z.infer<typeof StoredPageSchema>;

/** What a page needs to know of its shopper; KV `SHOPPER_SESSIONS` holds a copy for the fast path. */
export const SessionSchema = z.object({
  version: z.literal(1),
  persona: PersonaSchema,
  page: StoredPageSchema.nullable(),
  /** What the shopper said to personalisation: undefined before they were asked. */
  consent: z.literal("granted").optional(),
});
export type Session = z.infer<typeof SessionSchema>;

export type { GenerationProgress };

export interface ShopperApi extends Rpc.DurableObjectBranded {
  /**
   * Opens the shopper's WebSocket: `GET` with `Upgrade: websocket` and a `SocketQuery`. Answers 101.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Remembers what the shopper did at the storefront of an origin; `changed` says that another persona is in effect now. In a
   * burst of events that may show a moment later. The object itself asks for the new persona's page.
   */
  track(name: ShopperName, facts: Fact[], origin: string): Promise<{ session: Session; changed: boolean }>;
  /**
   * Remembers the last page and tells open WebSockets. One that was asked for (ms since 1970) before an erasure is none, and then
   * the answer is false.
   */
  pageStored(name: ShopperName, page: StoredPage, askedAt: number): Promise<boolean>;
  /** Since when anything is kept of the shopper, milliseconds since 1970; undefined when nothing is, or only what older code kept. */
  knownSince(): Promise<number | undefined>;
  session(): Promise<Session>;
  /** Every event that is kept of the shopper, oldest first. */
  events(): Promise<Fact[]>;
  /** Tells open WebSockets how far the shopper's page is. */
  progress(name: ShopperName, progress: GenerationProgress): Promise<void>;
  /** Tells open WebSockets that the shopper's page could not be made. */
  failed(name: ShopperName, error: { code: FaultCode; message: string }): Promise<void>;
  /** Remembers that the shopper wants a page of their own, where a shop has to ask first. */
  consent(name: ShopperName): Promise<Session>;
  /** Forgets everything and closes open WebSockets; the next event begins anew. Answers with the last page that it knew of. */
  erase(name: ShopperName): Promise<StoredPage | null>;
}

/** What the object has to be told of a WebSocket that it opens; as a query. */
export const SocketQuerySchema = z.object({
  store: z.string(),
  shopper: z.string(),
  /** Of the storefront, such as `https://shop.example`. */
  origin: z.string(),
  /** The last event that the client heard. */
  since: z.coerce.number().int().min(0).optional(),
});
export type SocketQuery = z.infer<typeof SocketQuerySchema>;
