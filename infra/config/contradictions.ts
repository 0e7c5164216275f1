import type { GivenSettings } from "./settings";

/** One setting that cannot be as it is beside another. */
export interface Contradiction {
  readonly path: string;
  readonly found: unknown;
  /** Why not, and what to do. */
  readonly why: string;
}

/** Settings that are sound by themselves; those that are not are absent, and no rule speaks of them. */
type Sound = Partial<GivenSettings>;
interface Rule {
  /** The rule in words, for the reference. */
  readonly says: string;
  /** @param has whether the stack file has a key, secrets included. */
  readonly judge: (settings: Sound, has: (key: string) => boolean) => Contradiction | undefined;
}

const DAYS = 30;
const CLOUDFLARE_REGISTRY = "registry.cloudflare.com";

/** Every contradiction that is looked for, in the order in which they are told. */
export const RULES: readonly Rule[] = [
  {
    says: "`debug.enabled` is never true in prod.",
    judge: ({ environment, debug }) =>
      environment === "prod" && debug?.enabled === true
        ? { path: "debug.enabled", found: true, why: "debug routes are never open in prod; set it to false" }
        : undefined,
  },
  {
    says: "`identity.unsignedLinks` is never true in prod.",
    judge: ({ environment, identity }) =>
      environment === "prod" && identity?.unsignedLinks === true
        ? {
            path: "identity.unsignedLinks",
            found: true,
            why: "in prod anyone could act as any shopper; set it to false",
          }
        : undefined,
  },
  {
    says: "`worker.subdomain: false` takes a `worker.domain` (or an `edgeUrl`): else nobody could reach the shop.",
    judge: ({ worker }, has) =>
      worker?.subdomain === false && worker.domain === undefined && !has("edgeUrl")
        ? {
            path: "worker.subdomain",
            found: false,
            why: "without worker.domain nobody could reach the shop; set one, or true here",
          }
        : undefined,
  },
  {
    says: "`worker.zone` takes a `worker.domain` in that zone.",
    judge: ({ worker }) => {
      const { zone, domain } = worker ?? {};
      if (zone === undefined || domain === zone || domain?.endsWith(`.${zone}`) === true) return undefined;
      const why =
        domain === undefined
          ? "a zone says where worker.domain is, and there is none; set worker.domain, or leave the zone out"
          : `worker.domain is ${domain}, which is not in that zone; set the zone that it ends in, or leave the zone out`;
      return { path: "worker.zone", found: zone, why };
    },
  },
  {
    says: `An image in ${CLOUDFLARE_REGISTRY} is one of the account's own.`,
    judge: ({ accountId, image, rollback }) => {
      const refs = [
        ["image.ref", image?.ref],
        ["rollback.image", rollback?.image],
      ] as const;
      const foreign = refs.find(([, ref]) => {
        const [host, account] = ref?.split("/") ?? [];
        return accountId !== undefined && host === CLOUDFLARE_REGISTRY && account !== accountId;
      });
      if (foreign === undefined) return undefined;
      const [path, found] = foreign;
      const why = `Cloudflare's registry gives an account only its own images; expected ${CLOUDFLARE_REGISTRY}/${accountId}/…`;
      return { path, found, why };
    },
  },
  {
    says: "`rollback.release` ends in the first 8 digits of `rollback.versionId`.",
    judge: ({ rollback }) =>
      rollback === undefined || rollback.release.endsWith(`-${rollback.versionId.slice(0, 8).toLowerCase()}`)
        ? undefined
        : {
            path: "rollback.versionId",
            found: rollback.versionId,
            why: `it is not the version of release ${rollback.release}; let \`wandstore rollback\` write this group`,
          },
  },
  {
    says: "`budget.perStoreDailyUsd` for all stores over 30 days is no more than `budget.monthlyUsd`.",
    judge: ({ budget, stores }) => {
      const { monthlyUsd, perStoreDailyUsd: daily } = budget ?? {};
      if (monthlyUsd === undefined || daily === undefined || stores === undefined) return undefined;
      const most = monthlyUsd / DAYS / stores.length;
      if (daily <= most) return undefined;
      const sum = `${stores.length} ${stores.length === 1 ? "store" : "stores"} could spend ${round(daily * DAYS * stores.length)} USD`;
      const why = `${sum} in ${DAYS} days, more than budget.monthlyUsd (${monthlyUsd}); expected at most ${round(most)}`;
      return { path: "budget.perStoreDailyUsd", found: daily, why };
    },
  },
  {
    says: "`alerts` take somebody to tell: `alerts.email`, or the secret `alertWebhookUrl`.",
    judge: ({ alerts }, has) =>
      has("alerts") && alerts?.email.length === 0 && !has("alertWebhookUrl")
        ? {
            path: "alerts.email",
            found: [],
            why: "there is nobody to tell; name an address, set the secret alertWebhookUrl, or leave alerts out",
          }
        : undefined,
  },
];

/** Two digits after the point, downwards: what is told as allowed has to be allowed. */
const round = (usd: number): number => Math.floor(usd * 100) / 100;

/** What contradicts each other among settings that are each as they should be. */
export function contradictionsIn(settings: Sound, has: (key: string) => boolean): Contradiction[] {
  return RULES.flatMap((rule) => rule.judge(settings, has) ?? []);
}
