/**
 * From versions to what runs: applies migrations at a deployment, tells the host what each Worker is, and the edge who answers.
 *
 * What runs is worked out first, since that may fail; then it is kept; then the host is told, which removes the data of deleted
 * classes. The host forgets with the process and is told everything again at the start, so a crash in between loses nothing.
 */
import { errors } from "../refusals";
import type { Host, WorkerSpec } from "../host";
import type { ImageStore } from "../registry/images";
import type { BlobStore } from "../state/blobs";
import { hexId, uuid } from "../state/ids";
import type { ApplicationDoc, DeploymentDoc, NamespaceDoc, State, VersionDoc, WorkerDoc } from "../state/model";
import type { SecretBox } from "../state/secretBox";
import { checkReferences, hostBinding } from "./bindings";
import { applyMigrations, checkTag } from "./migrations";
import { hostModules } from "./modules";

/** What Cloudflare takes where a version names no date (developers.cloudflare.com/workers/configuration/compatibility-dates). */
const OLDEST_COMPATIBILITY_DATE = "2021-11-02";

export interface ReleasesOptions {
  state: State;
  host: Host;
  modules: BlobStore;
  images: ImageStore;
  secrets: SecretBox;
  workersSubdomain: () => string;
  now: () => Date;
  log: (line: string) => void;
}

export class Releases {
  readonly #options: ReleasesOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ReleasesOptions) {
    this.#options = options;
  }

  /** Runs what changes releases one after the other, so that each sees the state the former left. */
  exclusively<R>(work: () => Promise<R>): Promise<R> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Refuses a version whose migrations or bindings could not be deployed now. */
  check(worker: WorkerDoc, version: VersionDoc): void {
    checkVersion(worker, version, this.#plan(worker, [version]).namespaces, this.#options.state);
  }

  /** Deploys the versions; with two, the one with the larger share runs. */
  deploy(
    worker: WorkerDoc,
    shares: DeploymentDoc["versions"],
    annotations: Record<string, string>,
  ): Promise<DeploymentDoc> {
    return this.exclusively(async () => {
      const { state, host, now } = this.#options;
      const current = state.workers.get(worker.id);
      if (!current) throw errors.workerNotFound();
      const versions = shares.map(({ version_id }) => {
        const version = state.versions.get(version_id);
        if (version?.workerId !== current.id) throw errors.deploymentVersion(version_id);
        return version;
      });
      const { namespaces, tag } = this.#plan(current, versions);
      for (const version of versions) checkVersion(current, version, namespaces, state);

      const createdOn = now().toISOString();
      const deployment: DeploymentDoc = { id: uuid(), workerId: current.id, createdOn, versions: shares, annotations };
      const spec = await this.#spec(current, mainVersion(deployment, versions), namespaces);
      state.transaction(() => {
        const kept = new Set(namespaces.map(({ id }) => id));
        for (const { id } of namespacesOf(state, current.id)) if (!kept.has(id)) state.namespaces.delete(id);
        for (const namespace of namespaces) state.namespaces.put(namespace.id, namespace);
        for (const version of versions) {
          state.versions.put(version.id, { ...version, migrated: true, ...(tag ? { migrationTag: tag } : {}) });
        }
        // Its settings may have been changed while the images were unpacked.
        const latest = state.workers.get(current.id) ?? current;
        state.workers.put(current.id, { ...latest, migrationTag: tag, deployedOn: createdOn, updatedOn: createdOn });
        state.deployments.put(deployment.id, deployment);
      });
      await host.setWorker(spec);
      this.updateEdge();
      return deployment;
    });
  }

  /**
   * Tells the host again what a Worker is.
   * @param applications the container applications as they shall be; those of the state where nothing changes
   */
  async declare(workerId: string, applications?: readonly ApplicationDoc[]): Promise<void> {
    const { state, host } = this.#options;
    const worker = state.workers.get(workerId);
    const deployment = worker && liveDeployment(state, worker.id);
    if (!deployment) return;
    const version = mainVersion(
      deployment,
      deployment.versions.flatMap(({ version_id }) => state.versions.get(version_id) ?? []),
    );
    await host.setWorker(await this.#spec(worker, version, namespacesOf(state, worker.id), applications));
  }

  /** Tells the host everything that was deployed; for the start. A Worker that cannot run does not keep the others from it. */
  async declareAll(): Promise<void> {
    const { state, log } = this.#options;
    for (const { id, name } of state.workers.list()) {
      try {
        await this.declare(id);
      } catch (error) {
        log(`The Worker '${name}' cannot be started: ${(error as Error).message}`);
      }
    }
    this.updateEdge();
  }

  /** A Worker is served where its workers.dev address is enabled and something was deployed. */
  updateEdge(): void {
    const { state, host, workersSubdomain } = this.#options;
    const served = state.workers
      .list()
      .filter(({ deployedOn, settings }) => deployedOn !== undefined && settings.subdomain.enabled)
      .map(({ name }) => ({ name, hosts: [`${name}.localhost`, `${name}.${workersSubdomain()}.localhost`] }));
    host.setEdge({ workers: served, ...(served[0] ? { defaultWorker: served[0].name } : {}) });
  }

  /** The namespaces and the tag that the Worker would have once these versions are deployed. */
  #plan(worker: WorkerDoc, versions: readonly VersionDoc[]): { namespaces: NamespaceDoc[]; tag?: string } {
    let namespaces = namespacesOf(this.#options.state, worker.id);
    let tag = worker.migrationTag;
    for (const { migrated, migrations } of versions.toSorted((a, b) => a.number - b.number)) {
      if (migrated || !migrations) continue;
      checkTag(migrations, tag);
      namespaces = applyMigrations(worker.id, namespaces, migrations, hexId);
      tag = migrations.new_tag ?? tag;
    }
    return { namespaces, tag };
  }

  async #spec(
    worker: WorkerDoc,
    version: VersionDoc,
    namespaces: readonly NamespaceDoc[],
    applications: readonly ApplicationDoc[] = this.#options.state.applications.list(),
  ): Promise<WorkerSpec> {
    const { modules, secrets, images } = this.#options;
    return {
      name: worker.name,
      workerId: worker.id,
      versionId: version.id,
      mainModule: version.mainModule,
      modules: hostModules(version.modules, modules),
      compatibilityDate: version.compatibilityDate ?? OLDEST_COMPATIBILITY_DATE,
      compatibilityFlags: version.compatibilityFlags,
      bindings: version.bindings.map((binding) => hostBinding(binding, version, secrets)),
      durableObjects: await Promise.all(
        namespaces.map(async ({ id, className, sqlite }) => {
          const application = applications.find(({ namespaceId }) => namespaceId === id);
          if (!application || !hasContainer(version, className)) return { className, namespaceId: id, sqlite };
          const container = { image: await images.container(application), maxInstances: application.maxInstances };
          return { className, namespaceId: id, sqlite, container };
        }),
      ),
    };
  }
}

/** The Worker's namespaces, oldest first. */
export const namespacesOf = (state: State, workerId: string): NamespaceDoc[] =>
  state.namespaces.list().filter((namespace) => namespace.workerId === workerId);

/** Newest first. */
export const deploymentsOf = (state: State, workerId: string): DeploymentDoc[] =>
  state.deployments
    .list()
    .filter((deployment) => deployment.workerId === workerId)
    .toReversed();

export const liveDeployment = (state: State, workerId: string): DeploymentDoc | undefined =>
  deploymentsOf(state, workerId)[0];

export const hasContainer = (version: VersionDoc, className: string): boolean =>
  version.containers.some(({ class_name }) => class_name === className);

/** Of two versions, the one with the larger share of the traffic. */
export function mainVersion(deployment: Pick<DeploymentDoc, "versions">, versions: readonly VersionDoc[]): VersionDoc {
  const [largest] = deployment.versions.toSorted((a, b) => b.percentage - a.percentage);
  const version = versions.find(({ id }) => id === largest?.version_id);
  if (!version) throw errors.deploymentVersion(largest?.version_id ?? "");
  return version;
}

function checkVersion(worker: WorkerDoc, version: VersionDoc, namespaces: readonly NamespaceDoc[], state: State): void {
  const classes = new Set(namespaces.map(({ className }) => className));
  checkReferences(version.bindings, worker, classes, state);
  for (const { class_name } of version.containers) {
    if (!classes.has(class_name)) throw errors.bindingClass(class_name);
  }
}
