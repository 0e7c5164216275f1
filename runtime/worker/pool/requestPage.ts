import { z } from "zod";
import { rankMembers } from "../../lib/rendezvous";
import { kvKeyOf, type Variant } from "../cache/variant";
import type { Env } from "../env";
import type { Log } from "../log";
import { count } from "../metrics/count";
import type { JobView, TriggerRequest } from "./api";
import { membersOf, queueOf } from "./members";

/** The owner of a variant and the two that take over when its line is full. */
const MEMBERS_ASKED = 3;

const AcceptedSchema = z.object({ job_id: z.string(), member: z.string(), position: z.number() });
export type Accepted = z.infer<typeof AcceptedSchema>;

export type PageRequest = Omit<TriggerRequest, "store" | "subject" | "persona_hash" | "member">;

interface Context {
  env: Env;
  log: Log;
  waitUntil: (work: Promise<unknown>) => void;
}

/** The pool members that may have a variant's job, its owner first. */
function membersFor(env: Env, variant: Variant): string[] {
  return rankMembers(kvKeyOf(variant), membersOf(env)).slice(0, MEMBERS_ASKED);
}

/** Puts a page's job in line; undefined when three members' lines are full, which is dropped and counted. */
export async function requestPage(
  variant: Variant,
  request: PageRequest,
  context: Context,
): Promise<Accepted | undefined> {
  const { env, log, waitUntil } = context;
  for (const member of membersFor(env, variant)) {
    const { store, subject, personaHash: persona_hash } = variant;
    const body: TriggerRequest = { ...request, store, subject, persona_hash, member };
    const response = await queueOf(env, member).fetch("http://pool/trigger", {
      method: "POST",
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (response.status === 202) return AcceptedSchema.parse(answer);
    if (response.status !== 429) throw new Error(`Pool member ${member} answered ${response.status}`);
    count(env, waitUntil, "jobs_refused_total", {});
  }
  count(env, waitUntil, "jobs_dropped_total", {});
  log.warn("page_dropped", { store: variant.store });
  return undefined;
}

/** The newest job of a variant, wherever in the pool it is. */
export async function findJob(env: Env, variant: Variant): Promise<JobView | undefined> {
  const found = await Promise.all(
    membersFor(env, variant).map((member) => queueOf(env, member).find(kvKeyOf(variant))),
  );
  return found.filter((job) => job !== undefined).toSorted((a, b) => b.createdAt - a.createdAt)[0];
}
