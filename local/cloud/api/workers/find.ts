import type { State, VersionDoc, WorkerDoc } from "../../state/model";
import { UUID } from "../../state/ids";
import { errors } from "../../refusals";
import { versionsOf } from "../../workers/uploads";

/** The Worker of a name or id, or Cloudflare's refusal. */
export function findWorker(state: State, nameOrId: string): WorkerDoc {
  const worker = state.workers.get(nameOrId) ?? state.workers.find(({ name }) => name === nameOrId);
  if (!worker) throw errors.workerNotFound();
  return worker;
}

/** The Worker of a script route, which knows only those that have a version. */
export function findScript(state: State, name: string): { worker: WorkerDoc; version: VersionDoc } {
  const worker = state.workers.find((one) => one.name === name);
  const version = worker && versionsOf(state, worker.id)[0];
  if (!version) throw errors.workerNotFound();
  return { worker, version };
}

export function findVersion(state: State, worker: WorkerDoc, id: string): VersionDoc {
  const wanted = id === "latest" ? versionsOf(state, worker.id)[0]?.id : id;
  if (wanted === undefined) throw errors.versionNotFound();
  if (!UUID.test(wanted)) throw errors.malformedVersion();
  const version = state.versions.get(wanted);
  if (version?.workerId !== worker.id) throw errors.versionNotFound();
  return version;
}
