import type { Services } from "../../services";
import { removeWithData } from "../../state/leftovers";
import type { State, VersionDoc, WorkerDoc } from "../../state/model";
import { deploymentsOf, liveDeployment, namespacesOf } from "../../workers/releases";
import { errors } from "../../refusals";
import { versionsOf } from "../../workers/uploads";

/** Workers that another one's versions refer to: by service bindings, and by bindings to its Durable Objects. */
export function referencesTo(state: State, worker: WorkerDoc): { services: WorkerDoc[]; durableObjects: WorkerDoc[] } {
  const others = state.workers.list().filter(({ id }) => id !== worker.id);
  const bindingsOf = (other: WorkerDoc) => versionsOf(state, other.id)[0]?.bindings ?? [];
  return {
    services: others.filter((other) =>
      bindingsOf(other).some((binding) => binding.type === "service" && binding.service === worker.name),
    ),
    durableObjects: others.filter((other) =>
      bindingsOf(other).some(
        (binding) => binding.type === "durable_object_namespace" && binding.script_name === worker.name,
      ),
    ),
  };
}

/** Deletes a Worker with its versions, deployments, namespaces and their data. Container applications stay, as on Cloudflare. */
export function removeWorker(services: Services, worker: WorkerDoc, force: boolean): Promise<void> {
  const { state, host, releases } = services;
  return releases.exclusively(async () => {
    const { services: callers, durableObjects } = referencesTo(state, worker);
    const users = new Set([...callers, ...durableObjects].map(({ name }) => name));
    if (users.size > 0 && !force) throw errors.workerInUse(worker.name, [...users]);

    const versions = versionsOf(state, worker.id);
    await removeWithData(state, host, { what: "worker", name: worker.name }, () => {
      for (const { id } of versions) state.versions.delete(id);
      for (const { id } of deploymentsOf(state, worker.id)) state.deployments.delete(id);
      for (const { id } of namespacesOf(state, worker.id)) state.namespaces.delete(id);
      for (const { id, service } of state.domains.list()) if (service === worker.name) state.domains.delete(id);
      for (const { id, script } of state.routes.list()) if (script === worker.name) state.routes.delete(id);
      state.workers.delete(worker.id);
      // The edge stops asking for the Worker before the host takes it away.
      releases.updateEdge();
    });
    await removeModules(services, versions);
  });
}

/** Deletes a version that is not deployed. */
export function removeVersion(services: Services, version: VersionDoc): Promise<void> {
  const { state, releases } = services;
  return releases.exclusively(async () => {
    if (liveDeployment(state, version.workerId)?.versions.some(({ version_id }) => version_id === version.id)) {
      throw errors.versionLive(version.id);
    }
    state.versions.delete(version.id);
    await removeModules(services, [version]);
  });
}

/** Removes the files of deleted versions, as far as no other version has the same. */
async function removeModules({ state, modules }: Services, deleted: readonly VersionDoc[]): Promise<void> {
  const used = new Set(state.versions.list().flatMap((version) => version.modules.map(({ sha256 }) => sha256)));
  const gone = deleted.flatMap((version) => version.modules).filter(({ sha256 }) => !used.has(sha256));
  await Promise.all(gone.map(({ sha256 }) => modules.remove(sha256)));
}
