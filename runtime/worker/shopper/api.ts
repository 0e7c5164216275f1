import { z } from "zod";
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
});
export type Session = z.infer<typeof SessionSchema>;

export interface ShopperApi extends Rpc.DurableObjectBranded {
  /** Remembers what the shopper did; `changed` says that another persona is in effect now. */
  track(name: ShopperName, facts: Fact[]): Promise<{ session: Session; changed: boolean }>;
  pageStored(name: ShopperName, page: StoredPage): Promise<void>;
  session(): Promise<Session>;
}
