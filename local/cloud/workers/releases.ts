/**
 * From versions to what runs: applies migrations at a deployment, tells the host what each Worker is, and the edge who answers.
 *
 * What runs is worked out first, since that may fail; then it is kept; then the host is told, which removes the data of deleted
 * classes. The host forgets with the process and is told everything again at the start, so a crash in between loses nothing.
 */
import { errors } from "../refusals";
import type { Host, Preview, ServedVersion, VersionSpec, WorkerDeclaration } from "../host";
import type { ImageStore } from "../registry/images";
import type { BlobStore } from "../state/blobs";
import { hexId, uuid } from "../state/ids";
import { readPattern } from "../routePattern";
import type {
  ApplicationDoc,
  DeploymentDoc,
  NamespaceDoc,
  RouteDoc,
  Source,
  State,
  VersionDoc,
  WorkerDoc,
} from "../state/model";
import type { SecretBox } from "../state/secretBox";
import { checkReferences, hostBinding } from "./bindings";
import { applyMigrations, checkTag, hasPendingMigrations } from "./migrations";
import { hostModules } from "./modules";
import { findPreview, namesBelow } from "./previews";
import { OLDEST_COMPATIBILITY_DATE } from "./startup";

export interface ReleasesOptions {
  state: State;
  host: Host;
  modules: BlobStore;
  images: ImageStore;
  secrets: SecretBox;
  workersSubdomain: () => string;
  /** Who answers at the edge's bare address; undefined leaves it to the Worker that was made first. */
  bareWorker: string | undefined;
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

  /** Whether all requests go to this version. */
  runsAlone(version: VersionDoc): boolean {
    const { versions = [] } = liveDeployment(this.#options.state, version.workerId) ?? {};
    return versions.length === 1 && versions[0]?.version_id === version.id;
  }

  /** Deploys the versions, each with its share of the requests. Migrations are for a version that runs alone. */
  deploy(
    worker: WorkerDoc,
    shares: DeploymentDoc["versions"],
    annotations: Record<string, string>,
    source: Source = "api",
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
      if (versions.length > 1 && versions.some(hasPendingMigrations)) throw errors.versionedMigration();
      const { namespaces, tag } = this.#plan(current, versions);
      for (const version of versions) checkVersion(current, version, namespaces, state);

      const createdOn = now().toISOString();
      const ownerVersionId = ownerAmong(shares, liveDeployment(state, current.id));
      const deployment: DeploymentDoc = {
        id: uuid(),
        workerId: current.id,
        createdOn,
        versions: shares,
        ownerVersionId,
        annotations,
        ...(source === "api" ? {} : { source }),
      };
      const declaration = await this.#declaration(current, deployment, versions, namespaces);
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
      await host.setWorker(declaration);
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
    const versions = deployment.versions.flatMap(({ version_id }) => state.versions.get(version_id) ?? []);
    const namespaces = namespacesOf(state, worker.id);
    await host.setWorker(await this.#declaration(worker, deployment, versions, namespaces, applications));
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

  /** A Worker is served, once something was deployed, at its workers.dev address where that is enabled, at its domains and routes. */
  updateEdge(): void {
    const { state, host, workersSubdomain, bareWorker } = this.#options;
    const domains = state.domains.list();
    const routes = state.routes.list();
    const routed = new Set(routes.map(({ script }) => script));
    const served = state.workers
      .list()
      .filter(({ deployedOn }) => deployedOn !== undefined)
      .map(({ id, name, settings }) => {
        const own = settings.subdomain.enabled ? namesBelow(name, workersSubdomain()) : [];
        const attached = domains.flatMap(({ service, hostname }) => (service === name ? [hostname] : []));
        return { name, hosts: [...own, ...attached], versions: this.#shares(id) };
      })
      .filter(({ name, hosts }) => hosts.length > 0 || routed.has(name));
    const addressed = served.filter(({ hosts }) => hosts.length > 0);
    const bare = addressed.find(({ name }) => name === bareWorker) ?? addressed[0];
    host.setEdge({
      workers: served,
      routes: routes.flatMap((route) => edgeRoute(route, state)),
      preview: (asked) => this.#preview(asked),
      ...(bare ? { defaultWorker: bare.name } : {}),
    });
  }

  /** The version that a host names, which need not be deployed. */
  #preview(asked: string): Preview | undefined {
    const { state, workersSubdomain } = this.#options;
    const found = findPreview(asked, state, workersSubdomain());
    if (!found) return undefined;
    checkVersion(found.worker, found.version, [], state); // what it is bound to may be gone by now
    return { worker: found.worker.name, workerId: found.worker.id, version: this.#code(found.version) };
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

  /** The versions of a Worker that has several, newest first. */
  #shares(workerId: string): ServedVersion[] {
    const { state } = this.#options;
    const { versions = [] } = liveDeployment(state, workerId) ?? {};
    if (versions.length < 2) return [];
    const numberOf = (id: string): number => state.versions.get(id)?.number ?? 0;
    return versions
      .map(({ version_id: versionId, percentage }) => ({ versionId, percentage }))
      .toSorted((a, b) => numberOf(b.versionId) - numberOf(a.versionId));
  }

  async #declaration(
    worker: WorkerDoc,
    deployment: DeploymentDoc,
    versions: readonly VersionDoc[],
    namespaces: readonly NamespaceDoc[],
    applications: readonly ApplicationDoc[] = this.#options.state.applications.list(),
  ): Promise<WorkerDeclaration> {
    const { images } = this.#options;
    const owner = mainVersion(deployment, versions);
    const second = versions.find(({ id }) => id !== owner.id);
    return {
      name: worker.name,
      workerId: worker.id,
      ...this.#code(owner),
      ...(second ? { beside: this.#code(second) } : {}),
      durableObjects: await Promise.all(
        namespaces.map(async ({ id, className, sqlite }) => {
          const application = applications.find(({ namespaceId }) => namespaceId === id);
          if (!application || !hasContainer(owner, className)) return { className, namespaceId: id, sqlite };
          return { className, namespaceId: id, sqlite, container: await images.pool(application) };
        }),
      ),
    };
  }

  /** What one version brings: its code and what it is bound to. */
  #code(version: VersionDoc): VersionSpec {
    const { modules, secrets } = this.#options;
    return {
      versionId: version.id,
      mainModule: version.mainModule,
      modules: hostModules(version.modules, modules),
      compatibilityDate: version.compatibilityDate ?? OLDEST_COMPATIBILITY_DATE,
      compatibilityFlags: version.compatibilityFlags,
      bindings: version.bindings.map((binding) => hostBinding(binding, version, secrets)),
    };
  }
}

/** A route as the edge knows it. */
function edgeRoute({ pattern, script, zoneId }: RouteDoc, state: State) {
  const parts = readPattern(pattern);
  const zone = state.zones.get(zoneId)?.name;
  return parts && zone ? [{ ...parts, zone, ...(script === undefined ? {} : { worker: script }) }] : [];
}

/** The version that owns the Durable Objects stays it for as long as it is deployed: a change of shares restarts none of them. */
function ownerAmong(shares: DeploymentDoc["versions"], former: DeploymentDoc | undefined): string | undefined {
  const owner = former && ownerOf(former);
  return shares.some(({ version_id }) => version_id === owner) ? owner : ownerOf({ versions: shares });
}

function ownerOf({ versions, ownerVersionId }: Pick<DeploymentDoc, "versions" | "ownerVersionId">): string | undefined {
  return ownerVersionId ?? versions.toSorted((a, b) => b.percentage - a.percentage)[0]?.version_id;
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

/** Of the versions of a deployment, the one that owns the Worker's Durable Objects. */
export function mainVersion(deployment: DeploymentDoc, versions: readonly VersionDoc[]): VersionDoc {
  const owner = ownerOf(deployment);
  const version = versions.find(({ id }) => id === owner);
  if (!version) throw errors.deploymentVersion(owner ?? "");
  return version;
}

function checkVersion(worker: WorkerDoc, version: VersionDoc, namespaces: readonly NamespaceDoc[], state: State): void {
  const classes = new Set(namespaces.map(({ className }) => className));
  checkReferences(version.bindings, worker, classes, state);
  for (const { class_name } of version.containers) {
    if (!classes.has(class_name)) throw errors.bindingClass(class_name);
  }
}
