/**
 * Durable Object migrations, pure: which namespaces a Worker has after a plan.
 *
 * Applied when a version is deployed ("Migrations are applied when the version is deployed", Cloudflare's OpenAPI description of
 * `migrations`), but checked at the upload too, because "if they don't match, the upload is rejected" (`old_tag`).
 */
import { z } from "zod";
import { errors } from "../refusals";
import type { MigrationPlan, MigrationStep, NamespaceDoc, VersionDoc } from "../state/model";

const StepInput = z.object({
  new_classes: z.array(z.string().min(1)).optional(),
  new_sqlite_classes: z.array(z.string().min(1)).optional(),
  deleted_classes: z.array(z.string().min(1)).optional(),
  renamed_classes: z.array(z.object({ from: z.string().min(1), to: z.string().min(1) })).optional(),
  transferred_classes: z.array(z.unknown()).optional(),
});

const Tags = z.object({ old_tag: z.string().optional(), new_tag: z.string().optional() });

/** Both forms of the API: `{tags, steps: [step]}` and `{tags, …step}`. */
export const MigrationsInput = z
  .intersection(Tags, z.union([z.object({ steps: z.array(StepInput) }), StepInput]))
  .transform((input): MigrationPlan => {
    const { old_tag, new_tag, ...rest } = input;
    return { old_tag, new_tag, steps: "steps" in rest ? (rest.steps as MigrationStep[]) : [rest as MigrationStep] };
  });

/** Refuses a plan that was made for another state of the Worker than the live one. */
export function checkTag(plan: MigrationPlan, liveTag: string | undefined): void {
  const got = plan.old_tag ?? "";
  const live = liveTag ?? "";
  if (got !== live) throw errors.migrationTag(got, live);
}

/** The Worker's namespaces after the plan; those that are kept keep their ids, and so their data. */
export function applyMigrations(
  workerId: string,
  namespaces: readonly NamespaceDoc[],
  plan: MigrationPlan,
  newId: () => string,
): NamespaceDoc[] {
  const byClass = new Map(namespaces.map((namespace) => [namespace.className, namespace]));
  const create = (className: string, sqlite: boolean, step: string): void => {
    if (byClass.has(className)) throw errors.migrationExists(step, className);
    byClass.set(className, { id: newId(), workerId, className, sqlite });
  };
  const take = (className: string, step: string): NamespaceDoc => {
    const namespace = byClass.get(className);
    if (!namespace) throw errors.migrationMissing(step, className);
    byClass.delete(className);
    return namespace;
  };
  for (const step of plan.steps) {
    if (step.transferred_classes?.length) throw errors.unsupported("transferred_classes in Durable Object migrations");
    for (const className of step.deleted_classes ?? []) take(className, "delete-class");
    for (const { from, to } of step.renamed_classes ?? []) {
      if (byClass.has(to)) throw errors.migrationExists("rename-class", to);
      byClass.set(to, { ...take(from, "rename-class"), className: to });
    }
    for (const className of step.new_sqlite_classes ?? []) create(className, true, "new-sqlite-class");
    for (const className of step.new_classes ?? []) create(className, false, "new-class");
  }
  return [...byClass.values()];
}

/** Whether a version brings migrations that wait for its first deployment. */
export const hasPendingMigrations = ({ migrated, migrations }: VersionDoc): boolean =>
  !migrated && migrations !== undefined && migrations.steps.length > 0;
