import { DURABLE_OBJECTS, KV_BINDINGS } from "../../../runtime/contract/bindings";
import { namesOf } from "../../naming";

/** What an account has only so much of, in the words of people. */
export const QUOTAS = {
  workers: "Workers",
  classes: "Durable Object classes",
  kvNamespaces: "KV namespaces",
  databases: "D1 databases",
  crons: "cron triggers",
  vcpu: "vCPUs of containers",
  memoryGib: "GiB of containers' memory",
  diskGb: "GB of containers' disk",
} as const;
export type Quota = keyof typeof QUOTAS;

/** So much of each; what could not be found out is left out. */
export type Amounts = Readonly<Partial<Record<Quota, number>>>;

/** What one shop has of its own, containers left out: the program makes the same of each. */
export const EACH_SHOP = {
  workers: 1,
  crons: 1,
  databases: 1,
  kvNamespaces: KV_BINDINGS.length,
  classes: Object.keys(DURABLE_OBJECTS).length,
} as const satisfies Amounts;

/** What all that counts of a stack is called in the account. @param worker the Worker's name where it has one of its own */
export function ownNames(stack: string, worker?: string): string[] {
  const names = namesOf(stack);
  return [...Object.values(names.kv), names.database, worker ?? names.worker, names.generator];
}

export interface QuotaLine {
  readonly quota: Quota;
  readonly what: string;
  /** In the account now, without the shops of the run; undefined where the account does not tell. */
  readonly there: number | undefined;
  /** What the shops of the run take. */
  readonly shops: number;
  readonly allowed: number;
  readonly fits: boolean;
}

/**
 * Compares what the shops take with what the account has room for. What is there and could not be counted counts as nothing:
 * the check may pass then where the account refuses later, never the other way round.
 *
 * @param there what of the account is not the shops' own
 */
export function judgeQuota(
  shops: readonly Amounts[],
  there: Amounts,
  allowed: Readonly<Record<Quota, number>>,
): QuotaLine[] {
  return (Object.keys(QUOTAS) as Quota[]).map((quota) => {
    const wanted = shops.reduce((sum, each) => sum + (each[quota] ?? 0), 0);
    const fits = wanted + (there[quota] ?? 0) <= allowed[quota];
    return { quota, what: QUOTAS[quota], there: there[quota], shops: wanted, allowed: allowed[quota], fits };
  });
}

/** What is too much, what is allowed and what to do; undefined where all of it fits. */
export function quotaRefusal(lines: readonly QuotaLine[], count: number): string | undefined {
  const over = lines.filter(({ fits }) => !fits);
  if (over.length === 0) return undefined;
  const each = over.map(({ what, there, shops, allowed, quota }) => {
    const besides = there === undefined || there === 0 ? "" : `, and ${rounded(there)} are there besides`;
    return `- ${what}: ${count} shops take ${rounded(shops)}${besides}; the account has ${allowed} (threshold ${quota})`;
  });
  return [
    `the account has no room for ${count} shops; nothing was begun:`,
    ...each,
    "Deploy fewer shops, make their pools smaller (pool.size, pool.instanceType), remove what is not used, or ask Cloudflare " +
      "for more and set the thresholds of account-limits in policies/config.json.",
  ].join("\n");
}

const rounded = (amount: number): number => Math.round(amount * 100) / 100;
