import * as z from "zod";
import { toErrorBody, WandError } from "../../contract/errors";
import { DEADLINE_HEADER } from "../../contract/generate";
import type { AppContext } from "../http/context";
import { checkMember, queueOf } from "../pool/members";
import { probeMember, type MemberFailure } from "../pool/probe";

/** Longest time that a member may take: a cold container starts in less, and a caller's own deadline is often 30 s. */
export const PROBE_DEADLINE_MS = 25_000;
/** When asking again makes sense: a container starts in a few seconds. */
const RETRY_AFTER_S = 2;

const WHY: Readonly<Record<MemberFailure, (member: string) => string>> = {
  starting: (member) => `There is no container for ${member} yet.`,
  unreachable: (member) => `The container of ${member} could not be started or reached.`,
  silent: (member) => `The container of ${member} did not answer in time.`,
  unhealthy: (member) => `The container of ${member} answered what is no health of a generator.`,
};

/**
 * `GET /api/pool/{member}`: which build a member's container runs; starts it when it sleeps. 200 `{member, build_id,
 * worker_build_id, status}`, or 503 with `error` in place of `build_id`. `X-Deadline-Ms` makes it answer sooner.
 */
export async function poolMemberHealth(c: AppContext): Promise<Response> {
  const member = checkMember(c.env, c.req.param("member") ?? "");
  const health = await probeMember(queueOf(c.env, member), member, deadlineOf(c));
  const about = { member, worker_build_id: c.env.BUILD_ID, status: health.status };
  if (health.status === "healthy") return c.json({ ...about, build_id: health.buildId });

  const { cause } = health;
  if (cause !== undefined) c.var.log.error("probe_failed", cause, { member });
  const { status, body } = toErrorBody(new WandError("CONTAINER_UNAVAILABLE", WHY[health.status](member)));
  return c.json({ ...about, ...body }, status as 503, { "Retry-After": String(RETRY_AFTER_S) });
}

const Deadline = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
  .pipe(z.number().min(1));

/** What the caller asks for, up to our own. Throws BAD_REQUEST. */
function deadlineOf(c: AppContext): number {
  const asked = Deadline.optional().safeParse(c.req.header(DEADLINE_HEADER));
  if (asked.success) return Math.min(asked.data ?? PROBE_DEADLINE_MS, PROBE_DEADLINE_MS);
  throw new WandError("BAD_REQUEST", `${DEADLINE_HEADER} has to be whole milliseconds, 1 or more.`, {
    field: DEADLINE_HEADER,
  });
}
