import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { isNotFound } from "../../cloudflare";
import { defineResource } from "../resource";
import { DurableObjectMigration, pendingMigrations, type StepToSend } from "./durableObjectMigrations";
import { Binding, bindingsToSend } from "./workerBindings";

const Module = z.object({
  name: z.string(),
  contentType: z.string(),
  /** Path of the file, relative to the project. */
  file: z.string(),
  /** SHA-256 of the file, hex: the only thing that says whether the module changed. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const Inputs = z.object({
  accountId: z.string(),
  workerId: z.string(),
  /** The Worker's name. */
  scriptName: z.string(),
  mainModule: z.string(),
  modules: z.array(Module).min(1),
  compatibilityDate: z.iso.date(),
  compatibilityFlags: z.array(z.string()),
  /** Everything but secrets, sorted by name: Cloudflare answers them so. */
  bindings: z.array(Binding),
  /** Values of the `secret_text` bindings, by name. */
  secrets: z.record(z.string(), z.string()),
  /** Durable Object classes that have a container. */
  containers: z.array(z.object({ className: z.string() })),
  /** The whole history, oldest first. Only what the live Worker lacks is sent. */
  migrations: z.array(DurableObjectMigration),
});
const Outputs = z.object({ versionId: z.string() });
export type WorkerVersionInputs = z.infer<typeof Inputs>;
export type WorkerVersionOutputs = z.infer<typeof Outputs>;

/** A bundle may be 10 MB on a slow line. */
const UPLOAD_DEADLINE_MS = 120_000;

/**
 * One uploaded version of a Worker: code, bindings and secrets. Every change is a new version; an old one stays, to go
 * back to. Unlike the resource of @pulumi/cloudflare it does not send migrations again that the Worker already has.
 */
export const workerVersion = defineResource<WorkerVersionInputs, WorkerVersionOutputs>({
  description:
    "A version of a Worker: code, bindings, secrets and the Durable Object migrations the live Worker lacks.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: "all",
  compare: { modules: (modules) => modules.map((module) => [module.name, module.contentType, module.sha256]) },

  async create({ api, root }, inputs) {
    const scripts = `/accounts/${inputs.accountId}/workers/scripts/${inputs.scriptName}`;
    const { migration_tag: liveTag } = await api<{ migration_tag?: string | null }>("GET", `${scripts}/settings`).catch(
      (error: unknown) => {
        if (isNotFound(error)) return { migration_tag: null }; // nothing deployed yet
        throw error;
      },
    );
    const pending = pendingMigrations(inputs.migrations, liveTag ?? undefined);
    const { id } = await api<{ id: string }>(
      "POST",
      `/accounts/${inputs.accountId}/workers/workers/${inputs.workerId}/versions`,
      {
        main_module: inputs.mainModule,
        modules: await Promise.all(inputs.modules.map((module) => moduleToSend(root, module))),
        compatibility_date: inputs.compatibilityDate,
        compatibility_flags: inputs.compatibilityFlags,
        bindings: bindingsToSend(inputs.bindings, inputs.secrets),
        containers: inputs.containers.map(({ className }) => ({ class_name: className })),
        ...(pending === undefined ? {} : { migrations: migrationsToSend(pending) }),
      },
      { deadlineMs: UPLOAD_DEADLINE_MS },
    );
    return { id, outputs: { versionId: id } };
  },

  async read({ api }, id, state) {
    try {
      await api("GET", `/accounts/${state.accountId}/workers/workers/${state.workerId}/versions/${id}`);
      return state; // a version never changes
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
});

async function moduleToSend(root: string, module: z.infer<typeof Module>): Promise<object> {
  const content = await readFile(resolve(root, module.file));
  if (createHash("sha256").update(content).digest("hex") !== module.sha256) {
    throw new Error(`${module.file} changed while it was being deployed. Deploy again.`);
  }
  return { name: module.name, content_type: module.contentType, content_base64: content.toString("base64") };
}

const migrationsToSend = ({ oldTag, newTag, steps }: StepToSend): object => ({
  ...(oldTag === undefined ? {} : { old_tag: oldTag }),
  new_tag: newTag,
  steps: steps.map(({ newSqliteClasses, renamedClasses, deletedClasses }) => ({
    ...(newSqliteClasses && { new_sqlite_classes: newSqliteClasses }),
    ...(renamedClasses && { renamed_classes: renamedClasses }),
    ...(deletedClasses && { deleted_classes: deletedClasses }),
  })),
});
