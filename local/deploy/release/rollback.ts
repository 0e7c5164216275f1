import path from "node:path";
import { DURABLE_OBJECT_HISTORY } from "../../../infra/components/durableObjectHistory";
import { readMigrations } from "../../../infra/components/readMigrations";
import { namesOf } from "../../../infra/naming";
import {
  bookmarkBefore,
  findRelease,
  isSameRelease,
  judgeRollback,
  migrationsBetween,
  previousRelease,
  type ReleaseRecord,
} from "../../../infra/release";
import type { StackAccount } from "./account";
import { readHistory, type History } from "./history";
import { hasImage, hasVersion, readLive, type Live } from "./live";

/** What a rollback writes into the stack file: the release that the program then deploys. */
export interface RollbackPin {
  readonly release: string;
  readonly versionId: string;
  readonly image: string;
  readonly buildId?: string;
}

/** One thing that a rollback changes, or leaves. */
export interface RollbackChange {
  readonly what: string;
  readonly before: string;
  /** Absent where it stays. */
  readonly after?: string;
}

export interface RollbackPlan {
  /** What runs, or what was released last where nothing else is known. */
  readonly from: ReleaseRecord | undefined;
  readonly to: ReleaseRecord | undefined;
  readonly changes: readonly RollbackChange[];
  /** Why it cannot be done; none when it can. */
  readonly refused: readonly string[];
  /** Records that could not be read. */
  readonly unreadable: readonly string[];
}

export interface RollbackOptions {
  readonly account: StackAccount;
  readonly projectDir: string;
  readonly stack: string;
  /** Id of the release to return to, or the beginning of it; the one before the last if left out. */
  readonly to?: string | undefined;
  /** Id of the release that the stack file asks for already. */
  readonly pinned?: string | undefined;
}

/** Stands for the release of what runs and was never recorded, because its deployment failed. */
export const NOT_RECORDED = "(not recorded)";

/** Judges the return to a former release by what the account has and says now. Changes nothing. */
export async function planRollback(options: RollbackOptions): Promise<RollbackPlan> {
  const { account, projectDir, stack, to } = options;
  const history = await readHistory(account, stack);
  const last = history.current;
  const names = namesOf(stack);
  const live = last === undefined ? undefined : await readLive(account, names, last);
  const from = last && live && running(history.releases, last, live);
  const target = targetOf(history, from, options);
  const unknown = to !== undefined && target === undefined && from !== undefined;
  const asked = unknown ? [unknownRelease(to, history.releases)] : [];
  const underWay =
    to === undefined && live !== undefined && live.versions.length > 1 ? [rolloutUnderWay(stack, live)] : [];
  if (asked.length + underWay.length > 0) {
    return { from, to: undefined, changes: [], refused: [...asked, ...underWay], unreadable: history.unreadable };
  }
  const between =
    from && target
      ? migrationsBetween(
          readMigrations(path.join(projectDir, "infra/migrations")),
          target.schemaLevel,
          from.schemaLevel,
        )
      : [];
  const judgement = judgeRollback({
    current: from,
    target,
    migrationsBetween: between,
    durableObjectHistory: DURABLE_OBJECT_HISTORY,
    versionExists: target === undefined || (await hasVersion(account, target.worker)),
    imageExists: target === undefined || (await hasImage(account, target.generator.image)),
    bookmark: target && bookmarkBefore(history.releases, target),
  });
  return {
    from,
    to: target,
    changes: from && target ? changesOf(from, target) : [],
    refused: "refused" in judgement ? judgement.refused : [],
    unreadable: history.unreadable,
  };
}

/** The pin that brings a release back. */
export function pinOf({ releaseId, worker, generator }: ReleaseRecord): RollbackPin {
  const { image, buildId } = generator;
  return { release: releaseId, versionId: worker.versionId, image, ...(buildId === undefined ? {} : { buildId }) };
}

/**
 * The release that runs: the last record where the account agrees with it, else a former one that it agrees with (a rollout
 * was taken back), else what the account says. A deployment that failed after its code was live has left no record, and is
 * just what somebody wants to get away from.
 */
function running(releases: readonly ReleaseRecord[], last: ReleaseRecord, live: Live): ReleaseRecord {
  const { image = last.generator.image, schemaLevel = last.schemaLevel, migrationTag = last.migrationTag } = live;
  const [largest] = live.versions.toSorted((a, b) => b.percentage - a.percentage);
  const serves = live.versions.some(({ versionId }) => versionId === last.worker.versionId);
  const versionId = serves ? last.worker.versionId : (largest?.versionId ?? last.worker.versionId);
  const { scriptName } = last.worker;
  const { applicationId } = last.generator;
  const { rollbackOf: _of, ...rest } = last;
  const seen = {
    ...rest,
    releaseId: NOT_RECORDED,
    worker: { scriptName, versionId },
    generator: { applicationId, image },
  };
  const recorded = releases.find((release) => isSameRelease(release, seen));
  return { ...(recorded ?? seen), schemaLevel, migrationTag };
}

function targetOf(
  { releases, current, previous }: History,
  from: ReleaseRecord | undefined,
  { to, pinned }: RollbackOptions,
): ReleaseRecord | undefined {
  if (to !== undefined) return findRelease(releases, to);
  if (from === undefined || from.releaseId === current?.releaseId) return previous;
  // A rollback that failed half-way is meant to arrive where it was going.
  if (pinned !== undefined) return findRelease(releases, pinned) ?? current;
  const at = releases.findIndex(({ releaseId }) => releaseId === from.releaseId);
  if (at >= 0) return previousRelease(releases.slice(at));
  // A rollout that was taken back leaves the newer image: it goes back to the code's own.
  return releases.find(({ worker }) => worker.versionId === from.worker.versionId) ?? current;
}

function unknownRelease(to: string, releases: readonly ReleaseRecord[]): string {
  const several = releases.filter(({ releaseId }) => releaseId.startsWith(to)).map(({ releaseId }) => releaseId);
  if (several.length > 1) return `More than one release begins with ${to}: ${several.join(", ")}. Name one in full.`;
  return `No release ${to} is recorded; there are ${releases.map(({ releaseId }) => releaseId).join(", ")}.`;
}

function rolloutUnderWay(stack: string, { versions }: Live): string {
  const shares = versions.map(({ versionId, percentage }) => `${versionId.slice(0, 8)} at ${percentage} %`);
  return (
    `A rollout is under way (${shares.join(", ")}). "wandstore rollout return --stack ${stack}" sends all requests back to ` +
    "the former version; to go to another release, name it with --to."
  );
}

function changesOf(from: ReleaseRecord, to: ReleaseRecord): RollbackChange[] {
  return [
    change("release", from.releaseId, to.releaseId),
    change("Worker version", from.worker.versionId, to.worker.versionId),
    change("image", digestOf(from), digestOf(to)),
    // Neither is ever taken back.
    { what: "schema", before: from.schemaLevel },
    { what: "Durable Objects", before: from.migrationTag },
  ];
}

const change = (what: string, before: string, after: string): RollbackChange => ({
  what,
  before,
  ...(before === after ? {} : { after }),
});

const digestOf = ({ generator }: ReleaseRecord): string => generator.image.split("@").at(-1)!;
