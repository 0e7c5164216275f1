import type { ReleaseRecord } from "./record";

/**
 * Where a rollback goes when nobody says so: the newest release before the one that runs which is another one. After a rollback
 * that is a release before the one it returned to, so that a second rollback does not bring back what the first took away.
 * @param releases newest first; the first one is what runs.
 */
export function previousRelease(releases: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  const [current] = releases;
  if (!current) return undefined;
  const returnedTo = releases.findIndex(({ releaseId }) => releaseId === current.rollbackOf);
  return releases.slice(Math.max(returnedTo, 0) + 1).find((release) => !isSameRelease(release, current));
}

/**
 * The release with this id, or with an id that starts with it.
 * @returns undefined when there is none, or more than one.
 */
export function findRelease(releases: readonly ReleaseRecord[], id: string): ReleaseRecord | undefined {
  const exact = releases.find(({ releaseId }) => releaseId === id);
  if (exact) return exact;
  const [found, ...more] = releases.filter(({ releaseId }) => id !== "" && releaseId.startsWith(id));
  return more.length === 0 ? found : undefined;
}

/** Whether two releases run the same code and the same image. */
export const isSameRelease = (a: ReleaseRecord, b: ReleaseRecord): boolean =>
  a.worker.versionId === b.worker.versionId && a.generator.image === b.generator.image;
