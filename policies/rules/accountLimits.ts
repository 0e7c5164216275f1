import { stackRule } from "../rule";
import { number } from "../thresholds";
import { TYPES } from "../types";
import { useOf } from "../use";

/** What an account has, by what takes it. Workers Paid, read in November 2026 from the limits pages of KV, D1, Workers, Durable Objects and Containers. */
export const ACCOUNT_LIMITS = {
  kvNamespaces: number(1_000, "KV namespaces of an account"),
  databases: number(50_000, "D1 databases of an account"),
  workers: number(500, "Workers of an account"),
  crons: number(250, "cron triggers of an account"),
  classes: number(500, "Durable Object classes of an account"),
  vcpu: number(1_500, "vCPUs of all containers that may run at once"),
  memoryGib: number(6 * 1024, "GiB of memory of all containers that may run at once"),
  diskGb: number(30_000, "GB of disk of all containers that may run at once"),
};

export const accountLimits = stackRule({
  name: "account-limits",
  level: "mandatory",
  what: "All stacks of the account together stay within what Cloudflare gives an account.",
  why: "A limit that is found by an up stops it in the middle, and the shop after the last one that fits cannot be made at all.",
  fix: "Make the pool or the instance type smaller, remove what is not used, or ask Cloudflare for more and set the threshold.",
  setting: "pool.size",
  thresholds: {
    stacks: number(1, "stacks of this size that share the account, such as the shops that it has", 1),
    ...ACCOUNT_LIMITS,
  },
  judgeStack(resources, say, { stacks, ...limits }) {
    const stack = resources.find(({ type }) => type === TYPES.stack) ?? resources[0];
    if (stack === undefined) return;
    const use = useOf(resources);
    for (const key of Object.keys(limits) as (keyof typeof limits)[]) {
      const { what, amount } = use[key];
      if (amount * stacks <= limits[key]) continue;
      const each =
        stacks === 1 ? `It takes ${amount} ${what}` : `${stacks} stacks of ${amount} ${what} take ${amount * stacks}`;
      say(`${each}; the account has ${limits[key]}.`, stack);
    }
  },
});
