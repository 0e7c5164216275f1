import * as z from "zod";
import { FAULTS } from "../../contract/errors";
import { within } from "../deadline";

/** A member that says nothing for so long is passed over. */
const PATIENCE_MS = 10_000;
/** When to come back where no member named a time. */
const RETRY_AFTER_SECONDS = 5;

const AcceptedSchema = z.object({ job_id: z.string(), member: z.string(), position: z.number() });
export type Accepted = z.infer<typeof AcceptedSchema>;

/** Nobody took the job. */
export interface Refused {
  /** Whole seconds until the first of the members asked expects a free place. */
  retryAfter: number;
}

/** The shopper was erased since they asked: there is nobody to make it for. */
export interface Erased {
  erased: true;
}

export interface Asking {
  /** Sends a member the trigger. */
  send(member: string): Promise<Pick<Response, "status" | "headers" | "json">>;
  /** @param retryAfter whole seconds that the member named. */
  onRefused(member: string, retryAfter: number): void;
  onFailed(member: string, error: unknown): void;
}

/**
 * Asks members one after the other until one takes the job. One that fails (an overloaded Durable Object throws), answers what
 * it should not or nothing at all is passed over as a full one is; should it have taken the job all the same, the page is made
 * twice, under one key.
 */
export async function askInTurn(members: readonly string[], asking: Asking): Promise<Accepted | Refused | Erased> {
  const waits: number[] = [];
  for (const member of members) {
    try {
      const answer = await within(PATIENCE_MS, asking.send(member).then(read), undefined);
      if (answer === undefined) throw new Error(`no answer in ${PATIENCE_MS / 1000} s`);
      if ("job_id" in answer || "erased" in answer) return answer;
      waits.push(answer.retryAfter);
      asking.onRefused(member, answer.retryAfter);
    } catch (error) {
      asking.onFailed(member, error);
    }
  }
  return { retryAfter: waits.length === 0 ? RETRY_AFTER_SECONDS : Math.min(...waits) };
}

/** Throws for any answer but that the job is in line, that the line is full, or that there is nobody to make it for. */
async function read(response: Pick<Response, "status" | "headers" | "json">): Promise<Accepted | Refused | Erased> {
  const answer: unknown = await response.json();
  if (response.status === FAULTS.ERASED.status) return { erased: true };
  if (response.status === 202) return AcceptedSchema.parse(answer);
  if (response.status !== 429) throw new Error(`the member answered ${response.status}`);
  const seconds = Number(response.headers.get("Retry-After"));
  return { retryAfter: seconds > 0 ? seconds : RETRY_AFTER_SECONDS };
}
