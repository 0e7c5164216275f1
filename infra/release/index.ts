export { findRelease, isSameRelease, previousRelease } from "./find";
export { type Judgement, judgeRollback, type RollbackCase } from "./judge";
export { listReleases, releaseKeys, type Releases, releaseValues } from "./list";
export { bookmarkBefore, isRollbackSafe, type Migration, migrationsBetween } from "./migrations";
export { KEY_PREFIX, keyOf, readRecord, releaseIdOf, ReleaseRecord } from "./record";
