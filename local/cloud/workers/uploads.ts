/** New versions of a Worker: from an upload, or from the latest one with other bindings. Not deployed by being made. */
import type { Services } from "../services";
import { uuid } from "../state/ids";
import type { MigrationPlan, Source, State, StoredBinding, VersionDoc, WorkerDoc } from "../state/model";
import { readBindings, withKept } from "./bindings";
import { errors, type ApiError } from "../refusals";
import { keepModules, type UploadedModule } from "./modules";
import { startupTime } from "./startup";

export interface Upload {
  mainModule: string;
  modules: readonly UploadedModule[];
  /** As they came; `readBindings` judges them. */
  bindings: readonly unknown[];
  /** Types of bindings that stay as they are in the latest version, unless the upload names their name. */
  keepBindings?: readonly string[];
  containers: { class_name: string }[];
  migrations?: MigrationPlan | undefined;
  compatibilityDate?: string | undefined;
  compatibilityFlags: string[];
  annotations: Record<string, string>;
  /** Settings without an effect here. */
  kept: Record<string, unknown>;
  source: Source;
  /** Whether it is deployed by the same request; so is the first one, as far as its annotation goes. */
  deployed?: boolean;
}

/** Newest first. */
export const versionsOf = (state: State, workerId: string): VersionDoc[] =>
  state.versions
    .list()
    .filter((version) => version.workerId === workerId)
    .toReversed();

/** Checks and keeps an upload as the Worker's newest version. */
export function addVersion(services: Services, workerId: string, upload: Upload): Promise<VersionDoc> {
  const { state, modules, releases, secrets, host, now } = services;
  return releases.exclusively(async () => {
    const previous = versionsOf(state, workerId)[0];
    const bindings = readBindings(
      withKept(upload.bindings, upload.keepBindings ?? [], previous),
      previous,
      state,
      secrets,
    );
    const stored = await keepModules(upload.modules, upload.mainModule, modules, (code) =>
      startupTime(host, { ...upload, bindings }, code),
    );
    const worker = existing(state, workerId);
    const number = worker.lastVersionNumber + 1;
    const triggeredBy = upload.deployed || number === 1 ? "upload" : "version_upload";
    return keep(services, worker, {
      id: uuid(),
      workerId,
      number,
      createdOn: now().toISOString(),
      annotations: { ...upload.annotations, "workers/triggered_by": triggeredBy },
      bindings,
      compatibilityFlags: upload.compatibilityFlags,
      containers: upload.containers,
      mainModule: upload.mainModule,
      ...stored,
      migrated: false,
      kept: upload.kept,
      ...(upload.source === "api" ? {} : { source: upload.source }),
      ...(upload.compatibilityDate ? { compatibilityDate: upload.compatibilityDate } : {}),
      ...(upload.migrations ? { migrations: upload.migrations } : {}),
    });
  });
}

export interface Change {
  bindings: (latest: VersionDoc) => StoredBinding[];
  annotations: Record<string, string>;
  source: Source;
  /** The refusal where the latest version does not run alone: what follows it would deploy what nobody deployed. */
  notDeployed?: () => ApiError;
  /** What else becomes another. */
  changes?: (
    latest: VersionDoc,
  ) => Partial<
    Pick<
      VersionDoc,
      | "compatibilityDate"
      | "compatibilityFlags"
      | "kept"
      | "mainModule"
      | "migrated"
      | "migrations"
      | "modules"
      | "startupTimeMs"
    >
  >;
}

/** The latest version once more, with other bindings, and perhaps other code or settings. */
export function changeLatest(services: Services, workerId: string, change: Change): Promise<VersionDoc> {
  const { state, releases, now } = services;
  return releases.exclusively(async () => {
    const worker = existing(state, workerId);
    const latest = versionsOf(state, workerId)[0];
    if (!latest) throw errors.noVersions();
    if (change.notDeployed && !releases.runsAlone(latest)) throw change.notDeployed();
    const { source: _former, migrations, ...rest } = latest;
    return keep(services, worker, {
      ...rest,
      id: uuid(),
      number: worker.lastVersionNumber + 1,
      createdOn: now().toISOString(),
      annotations: change.annotations,
      bindings: change.bindings(latest),
      ...(migrations && !latest.migrated ? { migrations } : {}),
      ...change.changes?.(latest),
      ...(change.source === "api" ? {} : { source: change.source }),
    });
  });
}

function keep({ state, releases }: Services, worker: WorkerDoc, version: VersionDoc): VersionDoc {
  releases.check(worker, version);
  state.transaction(() => {
    state.workers.put(worker.id, { ...worker, lastVersionNumber: version.number });
    state.versions.put(version.id, version);
  });
  return version;
}

function existing(state: State, workerId: string): WorkerDoc {
  const worker = state.workers.get(workerId);
  if (!worker) throw errors.workerNotFound();
  return worker;
}
