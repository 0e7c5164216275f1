import { growthOf } from "../../../infra/cost/difference";
import type { Change } from "../plan/change";
import type { Facts, Report } from "./report";

export const RISK_KINDS = ["data loss", "downtime", "irreversible", "security", "cost"] as const;

/** One thing a reviewer should weigh, in plain words. */
export interface Risk {
  readonly kind: (typeof RISK_KINDS)[number];
  /** The resource or setting; a name that somebody chose. */
  readonly subject: string;
  readonly says: string;
}

/** A rise of the estimate beyond this share is a risk of its own. */
const NOTABLE_GROWTH = 0.2;

/** All that a reviewer should weigh, the worst first. */
export function risksOf({ changes, facts, cost }: Pick<Report, "changes" | "facts" | "cost">): Risk[] {
  const found = [
    ...changes.flatMap((change) => BY_CHANGE.flatMap((rule) => rule(change) ?? [])),
    ...(facts === undefined ? [] : BY_SETTINGS.flatMap((rule) => rule(facts.before, facts.after) ?? [])),
    ...(cost === undefined ? [] : costRisks(cost, facts?.after.budgetUsd)),
  ];
  return found.toSorted((a, b) => RISK_KINDS.indexOf(a.kind) - RISK_KINDS.indexOf(b.kind));
}

/** What is lost with a resource that is deleted or replaced, by its type. */
const LOST: Readonly<Record<string, string>> = {
  "cloudflare:index/workersKvNamespace:WorkersKvNamespace": "every value in this KV namespace is gone",
  "cloudflare:index/d1Database:D1Database": "every row of this database is gone",
  "cloudflare:index/r2Bucket:R2Bucket": "every object in this bucket is gone",
  "cloudflare:index/worker:Worker":
    "all Durable Objects of this Worker are gone with what they hold: queues, shoppers, metrics",
  "wandstore:index:DataExport": "what is deleted after this is no longer exported first",
  "random:index/randomPassword:RandomPassword":
    "this secret is lost for good: links, sessions and tokens made with it are no longer accepted",
};

/** What stands still when a resource is deleted or replaced, by its type. */
const STOPPED: Readonly<Record<string, string>> = {
  "cloudflare:index/worker:Worker": "the shops do not answer until the Worker is there again, at all edges",
  "cloudflare:index/workersCustomDomain:WorkersCustomDomain":
    "this host name does not answer until it is there again with a certificate, which takes minutes",
  "wandstore:index:ContainerApplication": "no model makes a page until the new pool runs; the template stands in",
};

type ByChange = (change: Change) => Risk | undefined;
const taken = ({ op }: Change): boolean => op === "delete" || op === "replace";
const has = ({ changed }: Change, path: RegExp): boolean => changed.some((one) => path.test(one.path));
const will = ({ op }: Change): string => (op === "delete" ? "is deleted" : "is replaced");

const BY_CHANGE: readonly ByChange[] = [
  (change) => {
    const lost = LOST[change.type];
    if (lost === undefined || !taken(change)) return undefined;
    return { kind: "data loss", subject: change.name, says: `${will(change)}: ${lost}` };
  },
  (change) => {
    const stopped = STOPPED[change.type];
    if (stopped === undefined || !taken(change)) return undefined;
    return { kind: "downtime", subject: change.name, says: `${will(change)}: ${stopped}` };
  },
  (change) => {
    if (change.type !== "wandstore:index:WorkerVersion" || !has(change, /^migrations(\[|\.|$)/)) return undefined;
    const says =
      "the Durable Object classes change: Cloudflare takes no version from before it, so there is no rollback past it";
    return { kind: "irreversible", subject: change.name, says };
  },
  (change) => {
    if (change.type !== "wandstore:index:WorkerVersion" || !has(change, /deletedClasses/)) return undefined;
    return { kind: "data loss", subject: change.name, says: "a Durable Object class is removed with all its objects" };
  },
  (change) => {
    const missing = change.changed.find(
      ({ path, before, after }) => /^secrets[.[]/.test(path) && before !== undefined && after === undefined,
    );
    if (change.type !== "wandstore:index:WorkerVersion" || missing === undefined) return undefined;
    return { kind: "data loss", subject: missing.path, says: "the Worker no longer gets this secret" };
  },
  (change) => {
    if (change.type !== "wandstore:index:D1Migrations" || change.op !== "update") return undefined;
    return {
      kind: "irreversible",
      subject: change.name,
      says: "the database moves to a newer schema, which a rollback of the code does not take back",
    };
  },
  (change) => {
    if (change.type !== "cloudflare:index/worker:Worker" || change.op !== "update" || !has(change, /^name$/))
      return undefined;
    return {
      kind: "downtime",
      subject: change.name,
      says: "the Worker is renamed: its address on workers.dev changes",
    };
  },
  (change) => {
    if (change.type !== "cloudflare:index/workersCustomDomain:WorkersCustomDomain" || change.op !== "update")
      return undefined;
    return {
      kind: "downtime",
      subject: change.name,
      says: "the host name is pointed elsewhere: it may not answer meanwhile",
    };
  },
];

type BySettings = (before: Facts | undefined, after: Facts) => Risk | undefined;
const turnedOn = (key: "debug" | "unsignedLinks" | "subdomain", subject: string, says: string): BySettings => {
  return (before, after) => (after[key] && before?.[key] !== true ? { kind: "security", subject, says } : undefined);
};

const BY_SETTINGS: readonly BySettings[] = [
  (before, after) =>
    before?.environment === "prod" && after.environment !== "prod"
      ? {
          kind: "security",
          subject: "environment",
          says: `the stack is ${after.environment} from now on, not prod: no rule about production holds for it any more`,
        }
      : undefined,
  turnedOn("debug", "debug.enabled", "the debug routes are opened to whoever has the admin token"),
  turnedOn("unsignedLinks", "identity.unsignedLinks", "anyone can act as any shopper by a link that is not signed"),
  turnedOn("subdomain", "worker.subdomain", "the Worker answers on workers.dev, past the rules of the shop's own zone"),
  (before, after) =>
    before?.protect === true && !after.protect
      ? {
          kind: "data loss",
          subject: "protect",
          says: "what holds data is no longer protected: the next change may delete it",
        }
      : undefined,
  (before, after) =>
    before !== undefined && after.poolSize < before.poolSize
      ? {
          kind: "downtime",
          subject: "pool.size",
          says: `the pool shrinks from ${before.poolSize} to ${after.poolSize}: fewer pages can be made at once, so that shoppers wait longer at a peak`,
        }
      : undefined,
  (before, after) =>
    before?.domain !== undefined && before.domain !== after.domain
      ? { kind: "downtime", subject: before.domain, says: "the shop leaves this host name: links to it end nowhere" }
      : undefined,
];

function costRisks(cost: NonNullable<Report["cost"]>, budgetUsd: number | undefined): Risk[] {
  const { before, after } = cost;
  const growth = growthOf({ before, after });
  const risks: Risk[] = [];
  if (growth !== undefined && growth > NOTABLE_GROWTH) {
    const percent = Math.round(growth * 100);
    risks.push({ kind: "cost", subject: "estimate", says: `the stack costs ${percent} % more than before` });
  }
  if (budgetUsd !== undefined && after > budgetUsd) {
    risks.push({
      kind: "cost",
      subject: "budget.monthlyUsd",
      says: `the estimate is above the budget of $${budgetUsd} a month`,
    });
  }
  return risks;
}
