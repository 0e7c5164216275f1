import { z } from "zod";
import { PERSONA_HASH_PATTERN, PersonaSchema } from "../../contract/persona";
import { WebUrl } from "../../contract/product";
import { SHOPPER_ID_PATTERN, STORE_SLUG_PATTERN } from "../../contract/store";

/** `POST /trigger` of a pool member: which page to make, for whom, and why. */
export const TriggerRequestSchema = z.object({
  store: z.string().regex(STORE_SLUG_PATTERN),
  shopper: z.string().regex(SHOPPER_ID_PATTERN),
  /** Whose page it will be: the shopper's id, or `cohort`. */
  subject: z.string().regex(SHOPPER_ID_PATTERN),
  persona: PersonaSchema,
  persona_hash: z.string().regex(PERSONA_HASH_PATTERN),
  reason: z.enum(["first_visit", "persona_changed", "refresh"]),
  /** Address of the page without a shopper in it. */
  canonical_url: WebUrl,
  /** Name of the member that is asked; a Durable Object does not always know its own. */
  member: z.string(),
  request_id: z.string().max(100),
});
export type TriggerRequest = z.infer<typeof TriggerRequestSchema>;

export type JobState = "queued" | "running" | "done" | "failed";

/** What anybody may know of a job. Times in milliseconds since 1970. */
export interface JobView {
  id: string;
  state: JobState;
  attempt: number;
  createdAt: number;
  finishedAt: number | null;
  error: string | null;
}

/** What the Worker asks of a pool member besides `POST /trigger`. */
export interface GenerationQueueApi extends Rpc.DurableObjectBranded {
  /** The newest job of a variant (its KV key) within the last hour. */
  find(variant: string): Promise<JobView | undefined>;
  /** Removes every job of a subject in a store; one that runs delivers nothing any more. */
  forget(store: string, subject: string): Promise<void>;
  /** Asks the member's container for its health; starts it when it sleeps. Undefined when it was silent for `deadlineMs`. */
  containerHealth(member: string, deadlineMs: number): Promise<{ status: number; body: string } | undefined>;
}
