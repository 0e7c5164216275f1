import { orNothing } from "../../cloudflare";
import { type Context, defineResource } from "../resource";
import { holdsUnread } from "../unread";
import { mayBe, unreadHistory } from "./durableObjectMigrations";
import { bindingsFrom, isSameBindings, type SentBinding } from "./workerBindings";
import { isSameCode, moduleFrom, type SentModule } from "./workerModules";
import { findUploaded, uploadVersion, type Version, versionsOf } from "./workerUpload";
import { Inputs, Outputs, type WorkerVersionInputs, type WorkerVersionOutputs } from "./workerVersionInputs";

export type { WorkerVersionInputs, WorkerVersionOutputs };

/**
 * One uploaded version of a Worker: code, bindings and secrets. Every change is a new version; an old one stays, to go
 * back to. Unlike the resource of @pulumi/cloudflare it does not send migrations again that the Worker already has.
 *
 * An imported version's secrets have names and no values: they count as the program's until the second `up`.
 */
export const workerVersion = defineResource<WorkerVersionInputs, WorkerVersionOutputs>({
  description:
    "A version of a Worker: code, bindings, secrets and the Durable Object migrations the live Worker lacks.",
  inputs: Inputs,
  outputs: Outputs,
  replaceOn: "all",
  silent: ["message"],
  same: {
    modules: isSameCode,
    bindings: isSameBindings,
    secrets: (old, wanted) => holdsUnread(old) && namesOf(old) === namesOf(wanted),
    migrations: (old, wanted) => holdsUnread(old) && mayBe(old, wanted),
  },
  importId: "{accountId}/{scriptName}/{versionId}",

  async create(context, inputs) {
    const version = await uploadVersion(context, inputs);
    return { id: version.id, outputs: outputsOf(version) };
  },
  async find(context, inputs) {
    const version = await findUploaded(context, inputs);
    return version && { id: version.id, outputs: outputsOf(version) };
  },

  async read({ api }, id, state) {
    const version = await orNothing(api<Version>("GET", `${versionsOf(state)}/${id}`));
    return version && { ...state, ...outputsOf(version) }; // what was uploaded never changes
  },
  async import(context, id) {
    const [accountId = "", scriptName = "", versionId = ""] = id.split("/");
    const state = await orNothing(readWhole(context, { accountId, scriptName, versionId }));
    return state && { id: state.versionId, state };
  },
});

const outputsOf = ({ id, startup_time_ms: ms }: Version): WorkerVersionOutputs => ({
  versionId: id,
  ...(typeof ms === "number" ? { startupTimeMs: Math.round(ms) } : {}),
});

const namesOf = (secrets: Readonly<Record<string, string>>): string => Object.keys(secrets).toSorted().join("\n");

/** A version with its code, as Cloudflare answers it. */
interface WholeVersion extends Version {
  readonly main_module: string;
  readonly modules: readonly SentModule[];
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly bindings?: readonly SentBinding[];
  readonly containers?: readonly { readonly class_name: string }[];
  readonly migration_tag?: string;
}

async function readWhole(
  { api }: Context,
  named: { accountId: string; scriptName: string; versionId: string },
): Promise<WorkerVersionInputs & WorkerVersionOutputs> {
  const { accountId, scriptName, versionId } = named;
  const worker = await api<{ id: string }>("GET", `/accounts/${accountId}/workers/workers/${scriptName}`);
  const path = `${versionsOf({ accountId, workerId: worker.id })}/${versionId}?include=modules`;
  const version = await api<WholeVersion>("GET", path);
  const message = version.annotations?.["workers/message"];
  return {
    accountId,
    workerId: worker.id,
    scriptName,
    mainModule: version.main_module,
    modules: version.modules.map(moduleFrom),
    compatibilityDate: version.compatibility_date ?? "",
    compatibilityFlags: [...(version.compatibility_flags ?? [])],
    ...bindingsFrom(version.bindings ?? []),
    containers: (version.containers ?? []).map(({ class_name: className }) => ({ className })),
    migrations: unreadHistory(version.migration_tag),
    ...(message === undefined ? {} : { message }),
    ...outputsOf(version),
  };
}
