import * as z from "zod";
import { PERSONA_HASH_PATTERN, PersonaSchema } from "../../contract/persona";
import { WebUrl } from "../../contract/product";
import { SHOPPER_ID_PATTERN, STORE_SLUG_PATTERN } from "../../contract/store";

/** `POST /trigger` of a pool member: which page to make, for whom, and why. */
export const TriggerRequestSchema = z.object({
  store: z.string().regex(STORE_SLUG_PATTERN),
  /** Who is told when it is there; null for nobody. */
  shopper: z.string().regex(SHOPPER_ID_PATTERN).nullable(),
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
  /**
   * When the shopper did what asks for the page, milliseconds since 1970. What was asked for before its shopper was erased is not
   * made. 0 in jobs of older code.
   */
  asked_at: z.number().int().min(0).default(0),
});
export type TriggerRequest = z.infer<typeof TriggerRequestSchema>;

/** What a trigger says besides which page it is, and whom it goes to. */
export type PageRequest = Omit<TriggerRequest, "store" | "subject" | "persona_hash" | "member" | "shopper"> & {
  /** Who asks, and is told when the page is there. */
  shopper: string;
};

export type JobState = "queued" | "running" | "done" | "failed";

/** A job in the hands of a runner. */
export interface LeasedJob {
  id: string;
  /** Which of the three attempts this is. */
  attempt: number;
  /** The runner's proof that the job is still its own. */
  lease: number;
  request: TriggerRequest;
  createdAt: number;
  /** When the job as a whole has to be done. */
  deadlineAt: number;
  /** How often a run of it ended with the process it was in. */
  interruptions: number;
  /** The page, if an earlier run has stored it and could not tell of it any more. */
  stored: JobResult | null;
}

/** How one run of a job ended: `OK`, an error's code, `BUSY`, `INTERRUPTED` or `LEASE_EXPIRED`. */
export interface Crumb {
  at: number;
  attempt: number;
  code: string;
  ms: number;
}

/** What came of a job. */
export interface JobResult {
  generated_at: string;
  model: string;
  source: "model" | "template";
  /** Milliseconds the generator took. */
  ms: number;
  /** What the calls to models cost; null where a price is not known. */
  usd: number | null;
  tokens: { prompt: number; completion: number; total: number };
  /** Why the template made it though there is a model: the day's budget is spent, or no model gave an answer. */
  stand_in: "budget" | "model" | null;
}

/** What anybody may know of a job. Times in milliseconds since 1970. */
export interface JobView {
  id: string;
  state: JobState;
  attempt: number;
  createdAt: number;
  finishedAt: number | null;
  error: string | null;
  result: JobResult | null;
  /** The newest ten runs, the last one last. */
  crumbs: Crumb[];
}

/** A job's part of a store's budget. */
export interface Claim {
  key: string;
  /** UTC, such as `2026-11-21`. */
  day: string;
  /** US dollars that the day may cost. */
  limit: number;
  /** US dollars that the job may take, at least. */
  estimate: number;
}
