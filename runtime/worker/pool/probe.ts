import * as z from "zod";
import { within } from "../deadline";

/** What of a member's queue is asked: its GenerationQueueApi. */
interface Queue {
  containerHealth(member: string, deadlineMs: number): Promise<{ status: number; body: string } | undefined>;
}

/** What of the generator's `/health` makes it one of ours. */
const HealthSchema = z.object({ status: z.literal("healthy"), build_id: z.string().min(1) });

/**
 * Why a member did not give its build id: no container is free for it yet, it could not be started or reached, it said
 * nothing in time (one that takes long to start looks like that too), or what it said is no health of a generator.
 */
export type MemberFailure = "starting" | "unreachable" | "silent" | "unhealthy";

export type MemberHealth = { status: "healthy"; buildId: string } | { status: MemberFailure; cause?: unknown };

/**
 * Asks a member's container for its health, through the queue of that member; starts it when it sleeps. Answers within
 * `deadlineMs`, whoever hangs, and never throws.
 */
export async function probeMember(queue: Queue, member: string, deadlineMs: number): Promise<MemberHealth> {
  try {
    const answer = await within(deadlineMs, queue.containerHealth(member, deadlineMs), undefined);
    return answer === undefined ? { status: "silent" } : judge(answer);
  } catch (cause) {
    return { status: "unreachable", cause };
  }
}

function judge({ status, body }: { status: number; body: string }): MemberHealth {
  const said = parse(body);
  const health = HealthSchema.safeParse(said);
  if (status === 200 && health.success) return { status: "healthy", buildId: health.data.build_id };
  // Cloudflare's container class answers in plain text when it has no container to ask.
  if (said === undefined && (status === 429 || status === 503)) return { status: "starting" };
  if (said === undefined && status >= 500) return { status: "unreachable", cause: body };
  return { status: "unhealthy" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
