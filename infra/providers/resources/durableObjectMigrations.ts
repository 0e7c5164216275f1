import { z } from "zod";

/** One step of a Worker's history of Durable Object classes. */
export const DurableObjectMigration = z.object({
  tag: z.string().min(1),
  newSqliteClasses: z.array(z.string()).optional(),
  renamedClasses: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
  deletedClasses: z.array(z.string()).optional(),
});
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
