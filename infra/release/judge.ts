import { isSameRelease } from "./find";
import { isRollbackSafe, levelNumber, type Migration } from "./migrations";
import type { ReleaseRecord } from "./record";

export interface RollbackCase {
  /** What runs now; undefined when no release was recorded. */
  readonly current: ReleaseRecord | undefined;
  /** What to return to; undefined when there is none. */
  readonly target: ReleaseRecord | undefined;
  /** The D1 migrations that were applied after the target. */
  readonly migrationsBetween: readonly Migration[];
  /** Every change of the Durable Object classes, oldest first. */
  readonly durableObjectHistory: readonly { readonly tag: string }[];
  /** Whether Cloudflare still has the target's version of the Worker. */
  readonly versionExists: boolean;
  /** Whether the registry still has the target's image. */
  readonly imageExists: boolean;
  /** Time Travel bookmark from just before the first of `migrationsBetween`. */
  readonly bookmark?: string | undefined;
}

export type Judgement = { readonly ok: true } | { readonly refused: readonly string[] };

/**
 * Whether the code and the image of a former release may run on the data of today. Every reason against it says what was found,
 * what would be lost, and what to do.
 */
export function judgeRollback(judged: RollbackCase): Judgement {
  const { current, target } = judged;
  if (!current)
    return { refused: ["No release is recorded, so there is none to return to. A deployment records one."] };
  if (!target) {
    return {
      refused: [
        `No release before ${current.releaseId} is recorded, so there is none to return to. Mend the code and deploy it.`,
      ],
    };
  }
  if (isSameRelease(current, target)) {
    return { refused: [`The release ${target.releaseId} is what runs now. Name another one.`] };
  }
  const refused = [
    ...schemaReasons(current, target, judged),
    ...durableObjectReasons(current, target, judged.durableObjectHistory),
    ...missingReasons(target, judged),
  ];
  return refused.length === 0 ? { ok: true } : { refused };
}

function schemaReasons(
  current: ReleaseRecord,
  target: ReleaseRecord,
  { migrationsBetween, bookmark }: RollbackCase,
): string[] {
  if (levelNumber(target.schemaLevel) > levelNumber(current.schemaLevel)) {
    return [
      `The database is at ${current.schemaLevel}, and the release ${target.releaseId} needs ${target.schemaLevel}: its code ` +
        "would fail on tables that are not there. Deploy its code anew, which applies its migrations first.",
    ];
  }
  const restore =
    bookmark === undefined
      ? "no bookmark is recorded"
      : `bookmark ${bookmark}: wrangler d1 time-travel restore {database} --bookmark=${bookmark}`;
  const unsafe = migrationsBetween.filter(({ sql }) => !isRollbackSafe(sql)).map(({ name }) => name);
  if (unsafe.length > 0) {
    return [
      `The database has ${unsafe.join(", ")}, which came after ${target.releaseId}: its code may fail on this schema or write ` +
        "what the new one cannot read. If older code does run on it, say so in the head of the file (-- rollback: safe); else " +
        `mend the code and roll forward. The schema goes back by hand alone, for 30 days (${restore}), and all that shops wrote ` +
        "since then is lost.",
    ];
  }
  const last = migrationsBetween.at(-1)?.name ?? target.schemaLevel;
  if (last === current.schemaLevel) return [];
  // What nobody can read, nobody can call safe.
  return [
    `The database is at ${current.schemaLevel}, and this checkout knows its migrations only up to ${last}: whether older code ` +
      "runs on the others cannot be told. Check out the release that runs now, and try again.",
  ];
}

function durableObjectReasons(
  current: ReleaseRecord,
  target: ReleaseRecord,
  history: readonly { readonly tag: string }[],
): string[] {
  if (current.migrationTag === target.migrationTag) return [];
  const tags = history.map(({ tag }) => tag);
  const [from, to] = [tags.indexOf(target.migrationTag), tags.indexOf(current.migrationTag)];
  const steps = from >= 0 && to > from ? ` (${tags.slice(from + 1, to + 1).join(", ")} came in between)` : "";
  return [
    `The Durable Objects are at migration ${current.migrationTag || "(none)"}, and the release ${target.releaseId} was made ` +
      `for ${target.migrationTag || "(none)"}${steps}. Cloudflare takes no version from before a change of the classes, and ` +
      "undoing the change would erase what the objects hold. Mend the code and roll forward.",
  ];
}

function missingReasons(target: ReleaseRecord, { versionExists, imageExists }: RollbackCase): string[] {
  const { worker, generator, releaseId } = target;
  return [
    ...(versionExists
      ? []
      : [
          `Cloudflare no longer has version ${worker.versionId} of the Worker ${worker.scriptName}, which ${releaseId} ran. ` +
            "Nothing is lost: check out that release's code and deploy it anew, or name a later release.",
        ]),
    ...(imageExists
      ? []
      : [
          `The registry no longer has the image ${generator.image}, which ${releaseId} ran. Nothing is lost: build it anew ` +
            "from that release's code and deploy it, or name a later release.",
        ]),
  ];
}
