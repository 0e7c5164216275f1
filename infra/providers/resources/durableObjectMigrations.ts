import { z } from "zod";
import { NOT_READ_BACK } from "../unread";

const classes = z.array(z.string());

/** One step of a Worker's history of Durable Object classes. */
export const DurableObjectMigration = z
  .object({
    tag: z.string().min(1).describe("Name of the step; the live Worker keeps that of the last one."),
    newSqliteClasses: classes.optional().describe("Classes that come into being."),
    renamedClasses: z
      .array(
        z
          .object({ from: z.string().describe("The former name."), to: z.string().describe("The new name.") })
          .describe("A class that keeps its objects under another name."),
      )
      .optional()
      .describe("Classes that get another name and keep their objects."),
    deletedClasses: classes.optional().describe("Classes that go, with everything their objects hold."),
  })
  .describe("A step in the history of a Worker's Durable Object classes.");
export type DurableObjectMigration = z.infer<typeof DurableObjectMigration>;

/** The steps that bring a live Worker up to date, and the tag it must still have when they arrive. */
export interface StepToSend {
  readonly oldTag: string | undefined;
  readonly newTag: string;
  readonly steps: readonly DurableObjectMigration[];
}

/**
 * What of a history the live Worker lacks. Cloudflare refuses a migration that it has already applied.
 *
 * @param liveTag the tag of the last migration applied, undefined for a Worker that never had one.
 * @returns undefined when there is nothing to send.
 * @throws Error when the live tag is none of ours: another history made that Worker.
 */
export function pendingMigrations(
  history: readonly DurableObjectMigration[],
  liveTag: string | undefined,
): StepToSend | undefined {
  const live = history.findIndex(({ tag }) => tag === liveTag);
  if (liveTag !== undefined && live === -1) {
    const tags = history.map(({ tag }) => tag).join(", ");
    throw new Error(
      `The live Worker is at the Durable Object migration "${liveTag}", which is not in this program's history (${tags}). ` +
        "It was deployed from other or newer code: deploy from there, or add the missing migrations here.",
    );
  }
  const steps = history.slice(live + 1);
  const last = steps.at(-1);
  return last && { oldTag: liveTag, newTag: last.tag, steps };
}

/** Steps in Cloudflare's shape. */
export const migrationsToSend = ({ oldTag, newTag, steps }: StepToSend): object => ({
  ...(oldTag === undefined ? {} : { old_tag: oldTag }),
  new_tag: newTag,
  steps: steps.map(({ newSqliteClasses, renamedClasses, deletedClasses }) => ({
    ...(newSqliteClasses && { new_sqlite_classes: newSqliteClasses }),
    ...(renamedClasses && { renamed_classes: renamedClasses }),
    ...(deletedClasses && { deleted_classes: deletedClasses }),
  })),
});

/** The history of an imported version: Cloudflare tells its last tag at most, and never the steps. */
export const unreadHistory = (lastTag: string | undefined): DurableObjectMigration[] => [
  { tag: lastTag ?? NOT_READ_BACK, newSqliteClasses: [NOT_READ_BACK] },
];

/** Whether an unread history may be this one: it ends with the same tag, as far as that is known. */
export function mayBe(unread: readonly DurableObjectMigration[], history: readonly DurableObjectMigration[]): boolean {
  const tag = unread.at(-1)?.tag;
  return tag === NOT_READ_BACK || tag === history.at(-1)?.tag;
}
