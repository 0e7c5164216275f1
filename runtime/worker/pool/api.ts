import type { Claim, JobView } from "./job";

export type * from "./job";

/** What the Worker asks of a pool member besides `POST /trigger`. */
export interface GenerationQueueApi extends Rpc.DurableObjectBranded {
  /** The newest job of a variant (its KV key) within the last hour. */
  find(variant: string): Promise<JobView | undefined>;
  /** A job by its id, as soon as it has ended or after `patienceMs`; undefined when it is not here. */
  ended(id: string, patienceMs: number): Promise<JobView | undefined>;
  /**
   * Removes a subject's jobs in a store, or all of the store's; one that runs delivers nothing any more. A cohort's job that
   * the subject asked for is made, and does not know any more who asked. When this resolves, nothing is written any more.
   */
  forget(store: string, subject?: string): Promise<void>;
  /** Asks the member's container for its health; starts it when it sleeps. Undefined when it was silent for `deadlineMs`. */
  containerHealth(member: string, deadlineMs: number): Promise<{ status: number; body: string } | undefined>;
  /** Of the object that keeps a store's spending: books a job's estimate, or says that the day's budget is spent. */
  reserve(claim: Claim): Promise<boolean>;
  /** Of the same object: what the calls of a booking cost. Again for the same booking does nothing. */
  settle(key: string, usd: number): Promise<void>;
  /** Of the same object: what a day (`2026-11-21`, UTC) has cost by now, with what is booked. */
  spent(day: string): Promise<number>;
}
