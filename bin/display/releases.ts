import type { History, ReleaseRecord, RollbackPlan } from "../../local/deploy";
import { columns } from "./table";

/** Enough of an id or a digest to tell it from others. */
const SHORT = 12;

export const shortDigest = (image: string): string =>
  image.replace(/^.*@/, "").replace(/^(sha256:)?([0-9a-f]+)$/, (_all, _name, hex: string) => hex.slice(0, SHORT));

/** `2026-11-21 10:15:00`, UTC. */
const when = (at: string): string => at.slice(0, 19).replace("T", " ");

/** One line per release, newest first, below a line of titles. */
export function releaseLines({ releases, current, previous }: History): string[] {
  const mark = (release: ReleaseRecord): string =>
    [
      ...(release === current ? ["current"] : []),
      ...(release === previous ? ["rollback goes here"] : []),
      ...(release.rollbackOf === undefined ? [] : [`returned to ${release.rollbackOf}`]),
    ].join(", ");
  const rows = releases.map((release) => [
    when(release.at),
    release.releaseId,
    release.worker.versionId.slice(0, 8),
    shortDigest(release.generator.image),
    release.schemaLevel,
    mark(release),
  ]);
  return columns([["when (UTC)", "release", "Worker", "image", "schema", ""], ...rows]).map((row) =>
    row.join("").trimEnd(),
  );
}

/** What a rollback changes, and what it leaves. */
export function rollbackLines({ changes }: RollbackPlan): string[] {
  const rows = changes.map(({ what, before, after }) => [
    what,
    shortDigest(before),
    after === undefined ? "stays" : `→ ${shortDigest(after)}`,
  ]);
  return columns(rows).map((row) => `  ${row.join("")}`);
}
