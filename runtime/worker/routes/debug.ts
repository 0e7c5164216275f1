import { WandError } from "../../contract/errors";
import { poolMember } from "../../contract/keys";
import { SHOPPER_ID_PATTERN } from "../../contract/store";
import type { AppContext } from "../http/context";
import { readJobRecord } from "../pool/jobRecord";
import { settingsOf } from "../settings";
import { checkSlug } from "../stores/record";

/** `GET /debug/container?member=pool-0`: what a member's container says of its health; starts it when it sleeps. */
export async function debugContainer(c: AppContext): Promise<Response> {
  const member = c.req.query("member") ?? poolMember(0);
  const size = settingsOf(c.env).POOL_SIZE;
  if (!Array.from({ length: size }, (_, index) => poolMember(index)).includes(member)) {
    throw new WandError("BAD_REQUEST", `Members are pool-0 to pool-${size - 1}.`, { field: "member" });
  }
  const { status, body } = await c.env.POOL.get(c.env.POOL.idFromName(member)).containerHealth(member);
  return c.json({ member, status, health: parse(body) }, status === 200 ? 200 : 502);
}

/** `GET /debug/errors?shopper=&store=`: the record of a shopper's last job. */
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
