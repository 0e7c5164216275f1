import { CloudflareError, orNothing } from "../../cloudflare";
import type { Context } from "../resource";
import { holdsUnread } from "../unread";
import { migrationsToSend, pendingMigrations, type StepToSend } from "./durableObjectMigrations";
import { bindingsToSend } from "./workerBindings";
import { moduleToSend } from "./workerModules";
import type { WorkerVersionInputs } from "./workerVersionInputs";

/** What of a version's answer is read. */
export interface Version {
  readonly id: string;
  readonly startup_time_ms?: number | null;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A bundle may be 10 MB on a slow line. */
const UPLOAD_DEADLINE_MS = 120_000;
/** Newest first: an upload whose answer was lost is among the last few. */
const LATEST = 10;
/** An upload that nobody answered may still be on its way into the list. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1_000;
const TAG = "workers/tag";

/**
 * Uploads a version, or finds the one that an earlier upload of the very same made: after a lost answer there is never a second.
 * @throws CloudflareError, or Error when the live Worker or the files are not those of this program.
 */
export async function uploadVersion(context: Context, inputs: WorkerVersionInputs): Promise<Version> {
  const unread = Object.keys(inputs.secrets).filter((name) => holdsUnread(inputs.secrets[name]));
  if (unread.length > 0) {
    throw new Error(
      `The values of the secrets ${unread.join(", ")} are missing: an import cannot read them. Set them.`,
    );
  }
  const pending = await pendingOf(context, inputs);
  const tag = tagOf(context, inputs, pending);
  const made = await findTagged(context, inputs, tag);
  if (made) return made;

  const body = {
    main_module: inputs.mainModule,
    modules: await Promise.all(inputs.modules.map((module) => moduleToSend(context.root, module))),
    compatibility_date: inputs.compatibilityDate,
    compatibility_flags: inputs.compatibilityFlags,
    bindings: bindingsToSend(inputs.bindings, inputs.secrets),
    containers: inputs.containers.map(({ className }) => ({ class_name: className })),
    annotations: { [TAG]: tag, ...(inputs.message === undefined ? {} : { "workers/message": inputs.message }) },
    ...(pending === undefined ? {} : { migrations: migrationsToSend(pending) }),
  };
  try {
    return await context.api<Version>("POST", versionsOf(inputs), body, { deadlineMs: UPLOAD_DEADLINE_MS });
  } catch (error) {
    const found = error instanceof CloudflareError && error.outcomeUnknown && (await lookFor(context, inputs, tag));
    if (found) return found;
    throw error;
  }
}

/** What an upload of these inputs has made, whoever saw its end. */
export async function findUploaded(context: Context, inputs: WorkerVersionInputs): Promise<Version | undefined> {
  return findTagged(context, inputs, tagOf(context, inputs, await pendingOf(context, inputs)));
}

export const versionsOf = ({ accountId, workerId }: Pick<WorkerVersionInputs, "accountId" | "workerId">): string =>
  `/accounts/${accountId}/workers/workers/${workerId}/versions`;

/** The migrations that the live Worker lacks. */
async function pendingOf({ api }: Context, inputs: WorkerVersionInputs): Promise<StepToSend | undefined> {
  const path = `/accounts/${inputs.accountId}/workers/scripts/${inputs.scriptName}/settings`;
  // Where there are no settings, nothing is deployed yet.
  const settings = await orNothing(api<{ migration_tag?: string | null }>("GET", path));
  return pendingMigrations(inputs.migrations, settings?.migration_tag ?? undefined);
}

/** Names the content: the same for the same upload, secrets included, and for no other. At most 100 characters may be sent. */
function tagOf({ keyedHash }: Context, inputs: WorkerVersionInputs, pending: StepToSend | undefined): string {
  const { mainModule, modules, compatibilityDate, compatibilityFlags, bindings, secrets, containers } = inputs;
  const code = modules.map(({ name, contentType, sha256 }) => [name, contentType, sha256]);
  const sent = bindingsToSend(bindings, secrets);
  const content = [mainModule, code, compatibilityDate, compatibilityFlags, sent, containers, pending ?? null];
  return `wandstore-${keyedHash(JSON.stringify(content)).slice(0, 40)}`;
}

async function lookFor(context: Context, inputs: WorkerVersionInputs, tag: string): Promise<Version | undefined> {
  for (let looks = 1; ; looks++) {
    const found = await findTagged(context, inputs, tag);
    if (found || looks === LOOKS) return found;
    await context.sleep(BETWEEN_LOOKS_MS);
  }
}

async function findTagged({ api }: Context, inputs: WorkerVersionInputs, tag: string): Promise<Version | undefined> {
  const latest = await orNothing(api<Version[]>("GET", `${versionsOf(inputs)}?per_page=${LATEST}`));
  return latest?.find(({ annotations }) => annotations?.[TAG] === tag);
}
