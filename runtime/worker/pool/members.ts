import { WandError } from "../../contract/errors";
import { poolMember } from "../../contract/keys";
import type { Env } from "../env";
import { settingsOf } from "../settings";
import type { GenerationQueueApi } from "./api";

/** The pool's members, `pool-0` and on. */
export const membersOf = (env: Env): string[] =>
  Array.from({ length: settingsOf(env).POOL_SIZE }, (_, index) => poolMember(index));

/** A member's name from an address. Throws BAD_REQUEST naming those that there are. */
export function checkMember(env: Env, name: string): string {
  const members = membersOf(env);
  if (members.includes(name)) return name;
  const allowed =
    members.length === 1 ? `The one member is ${members[0]}.` : `Members are ${members[0]} to ${members.at(-1)}.`;
  throw new WandError("BAD_REQUEST", allowed, { field: "member" });
}

/** The queue of a member, the only one who talks to its container. */
export const queueOf = (env: Env, member: string): DurableObjectStub<GenerationQueueApi> =>
  env.POOL.get(env.POOL.idFromName(member));
