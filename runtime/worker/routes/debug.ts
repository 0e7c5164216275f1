import { WandError } from "../../contract/errors";
import { poolMember } from "../../contract/keys";
import { SHOPPER_ID_PATTERN } from "../../contract/store";
import type { AppContext } from "../http/context";
import { readJobRecord } from "../pool/jobRecord";
import { checkMember, queueOf } from "../pool/members";
import { checkSlug } from "../stores/record";
import { PROBE_DEADLINE_MS } from "./poolMember";

/** `GET /debug/container?member=pool-0`: what a member's container says of its health; starts it when it sleeps. */
export async function debugContainer(c: AppContext): Promise<Response> {
  const member = checkMember(c.env, c.req.query("member") ?? poolMember(0));
  const answer = await queueOf(c.env, member).containerHealth(member, PROBE_DEADLINE_MS);
  const { status, body } = answer ?? { status: 504, body: "null" };
  return c.json({ member, status, health: parse(body) }, status === 200 ? 200 : 502);
}

/** `GET /debug/errors?shopper=&store=`: the record of a shopper's last job, with a breadcrumb of each of its runs. */
export async function debugErrors(c: AppContext): Promise<Response> {
  const store = checkSlug(c.req.query("store") ?? "");
  const shopper = c.req.query("shopper") ?? "";
  if (!SHOPPER_ID_PATTERN.test(shopper)) throw new WandError("BAD_SHOPPER", "Say which shopper.", { field: "shopper" });
  return c.json({ job: await readJobRecord(c.env, store, shopper) });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body.slice(0, 500);
  }
}
