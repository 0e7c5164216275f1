import { z } from "zod";
import type { FaultCode } from "../../contract/errors";
import { PERSONA_HASH_PATTERN, PersonaSchema } from "../../contract/persona";
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

/** `generation_progress` of the WebSocket contract. */
export interface GenerationProgress {
  status: "generating" | "storing" | "complete";
  progress_percent: number;
}

export interface ShopperApi extends Rpc.DurableObjectBranded {
  /** Remembers what the shopper did; `changed` says that another persona is in effect now. */
  track(name: ShopperName, facts: Fact[]): Promise<{ session: Session; changed: boolean }>;
  pageStored(name: ShopperName, page: StoredPage): Promise<void>;
  session(): Promise<Session>;
  /** Tells open WebSockets how far the shopper's page is. */
  progress(name: ShopperName, progress: GenerationProgress): Promise<void>;
  /** Tells open WebSockets that the shopper's page could not be made. */
  failed(name: ShopperName, error: { code: FaultCode; message: string }): Promise<void>;
  /** Remembers that the shopper wants a page of their own, where a shop has to ask first. */
  consent(name: ShopperName): Promise<Session>;
  /** Forgets everything and closes open WebSockets; the next event begins anew. */
  erase(name: ShopperName): Promise<void>;
}
