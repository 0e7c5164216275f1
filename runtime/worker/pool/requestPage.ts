import { COHORT } from "../../contract/store";
import { rankMembers } from "../../lib/rendezvous";
import { kvKeyOf, type Variant } from "../cache/variant";
import type { Env } from "../env";
import type { Log } from "../log";
import { count } from "../metrics/count";
import type { JobView, PageRequest, TriggerRequest } from "./job";
import { askInTurn, type Accepted, type Erased, type Refused } from "./askInTurn";
import { forCohort } from "./cohort";
import { notFull, noteFull } from "./fullMembers";
import { membersOf, queueOf } from "./members";

export type { Accepted, Erased, Refused };

/** The owner of a variant and the two that take over when its line is full. */
const MEMBERS_ASKED = 3;

interface Context {
  env: Env;
  log: Log;
  waitUntil: (work: Promise<unknown>) => void;
  /** The shopper's name was made just now, so that no member can have a job of theirs. */
  isNewcomer?: boolean;
}

/** The pool members that may have a variant's job, its owner first. */
function membersFor(env: Env, variant: Variant): string[] {
  return rankMembers(kvKeyOf(variant), membersOf(env)).slice(0, MEMBERS_ASKED);
}

/**
 * Puts a page's job in line: with its owner, or else with the next of two further members. What none of the three takes is
 * dropped and counted.
 */
export async function putInLine(
  variant: Variant,
  given: PageRequest,
  { env, log, waitUntil, isNewcomer = false }: Context,
): Promise<Accepted | Refused | Erased> {
  const { store, subject, personaHash: persona_hash } = variant;
  const { request, page } = await forCohort(variant, given, { env, log });
  if (page !== undefined) return { job_id: page.job_id, member: "", position: 0 };
  const members = membersFor(env, variant);
  // A flood of newcomers would ask every full member over and over; a cohort's page is wanted by others too.
  const asked = isNewcomer && subject !== COHORT ? notFull(members, Date.now()) : members;
  const answer = await askInTurn(asked, {
    send: (member) => {
      const trigger: TriggerRequest = { ...request, store, subject, persona_hash, member };
      return queueOf(env, member).fetch("http://pool/trigger", { method: "POST", body: JSON.stringify(trigger) });
    },
    onRefused: (member, retryAfter) => {
      noteFull(member, retryAfter, Date.now());
      count(env, waitUntil, "jobs_refused_total", {});
    },
    onFailed: (member, error) => log.error("member_not_asked", error, { member }),
  });
  if ("job_id" in answer) {
    log.info("page_requested", { store, job_id: answer.job_id, member: answer.member, reason: request.reason });
  } else if ("erased" in answer) {
    log.info("page_not_wanted", { store });
  } else {
    count(env, waitUntil, "jobs_dropped_total", {});
    log.warn("page_dropped", { store });
  }
  return answer;
}

/** As `putInLine`, for whom it is all one when nobody takes the job. */
export async function requestPage(
  variant: Variant,
  request: PageRequest,
  context: Context,
): Promise<Accepted | undefined> {
  const answer = await putInLine(variant, request, context);
  return "job_id" in answer ? answer : undefined;
}

/** The newest job of a variant, wherever in the pool it is. */
export async function findJob(env: Env, variant: Variant): Promise<JobView | undefined> {
  const found = await Promise.all(
    membersFor(env, variant).map((member) => queueOf(env, member).find(kvKeyOf(variant))),
  );
  return found.filter((job) => job !== undefined).toSorted((a, b) => b.createdAt - a.createdAt)[0];
}
