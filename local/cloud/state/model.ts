/** What the embedded cloud remembers: the documents, and the collections that hold them. */
import type { Collection, DocumentStore } from "./documents";

export interface KvNamespaceDoc {
  id: string;
  title: string;
}

export interface D1DatabaseDoc {
  uuid: string;
  name: string;
  createdAt: string;
  jurisdiction?: string;
  /** Absent until it was set. */
  readReplication?: { mode: "auto" | "disabled" };
  /** Counts the writes through the API; bookmarks are derived from it. */
  changes: number;
}

/** The data of a D1 database at a moment that somebody asked the bookmark of, or before something that is likely to be undone. */
export interface D1SnapshotDoc {
  /** The bookmark. */
  id: string;
  database: string;
  createdAt: string;
  /** Digest of the SQL text that makes the data again. */
  sha256: string;
  /** That nobody has asked for it. */
  automatic?: true;
}

export interface R2BucketDoc {
  name: string;
  createdAt: string;
  location?: string;
  jurisdiction: string;
  storageClass: string;
  lifecycleRules: unknown[];
}

export interface WorkerSettings {
  logpush: boolean;
  observability: Record<string, unknown>;
  subdomain: { enabled: boolean; previews_enabled: boolean };
  tags: string[];
  tail_consumers: { name: string }[];
}

export interface WorkerDoc {
  id: string;
  name: string;
  createdOn: string;
  updatedOn: string;
  deployedOn?: string;
  settings: WorkerSettings;
  /** Tag of the Durable Object migration that was applied last. */
  migrationTag?: string;
  lastVersionNumber: number;
  schedules: { cron: string; created_on: string; modified_on: string }[];
}

/** A Durable Object namespace: the data of one class of one Worker. */
export interface NamespaceDoc {
  id: string;
  workerId: string;
  className: string;
  sqlite: boolean;
}

export interface StoredModule {
  name: string;
  content_type: string;
  sha256: string;
}

/** A binding as it is kept: a secret is sealed, and what was inherited is resolved. */
export type StoredBinding = { name: string } & (
  | { type: "kv_namespace"; namespace_id: string }
  /** `id` is the former name of `database_id`, given back to those who use it. */
  | { type: "d1"; database_id: string; id?: string }
  | { type: "r2_bucket"; bucket_name: string; jurisdiction?: string }
  | { type: "plain_text"; text: string }
  | { type: "secret_text"; sealed: string }
  | { type: "json"; json: unknown }
  | { type: "durable_object_namespace"; class_name: string; script_name?: string }
  | { type: "service"; service: string; entrypoint?: string; environment?: string }
  | { type: "version_metadata" }
);

export interface MigrationStep {
  new_classes?: string[];
  new_sqlite_classes?: string[];
  deleted_classes?: string[];
  renamed_classes?: { from: string; to: string }[];
  transferred_classes?: unknown[];
}

/** Durable Object migrations of a version, to be applied when it is deployed. */
export interface MigrationPlan {
  old_tag?: string;
  new_tag?: string;
  steps: MigrationStep[];
}

/** The kinds of client that Cloudflare tells apart, as far as they can be told apart here. */
export type Source = "api" | "wrangler" | "terraform";

export interface VersionDoc {
  id: string;
  workerId: string;
  number: number;
  createdOn: string;
  annotations: Record<string, string>;
  bindings: StoredBinding[];
  compatibilityDate?: string;
  compatibilityFlags: string[];
  containers: { class_name: string }[];
  mainModule: string;
  modules: StoredModule[];
  /** Absent in versions of before it was measured. */
  startupTimeMs?: number;
  /** What uploaded it; absent where that is any client of the API. */
  source?: Source;
  migrations?: MigrationPlan;
  /** The Worker's tag after this version was first deployed; absent before. */
  migrationTag?: string;
  /** Whether the version's migrations have been applied. */
  migrated: boolean;
  /** Settings that are kept and given back, and have no effect here: limits, placement, … */
  kept: Record<string, unknown>;
}

export interface DeploymentDoc {
  id: string;
  workerId: string;
  createdOn: string;
  versions: { version_id: string; percentage: number }[];
  /** The version that owns the Durable Objects; the one with the largest share where it is not named. */
  ownerVersionId?: string;
  annotations: Record<string, string>;
  /** As that of a version. */
  source?: Source;
}

export type ContainerConfiguration = Record<string, unknown> & { image: string };

export interface ApplicationDoc {
  id: string;
  name: string;
  createdAt: string;
  updatedAt: string;
  version: number;
  /** What the API was told. */
  configuration: ContainerConfiguration;
  /** What runs: the configuration of the last rollout that was completed. */
  running: ContainerConfiguration;
  /** Digest (64 hexadecimal digits) of the manifest that runs. */
  runningManifest: string;
  /** While a rollout is under way: what it brings, and the share of the objects (0 to 100) that has it. */
  next?: {
    rolloutId: string;
    version: number;
    configuration: ContainerConfiguration;
    manifest: string;
    percentage: number;
  };
  instances: number;
  maxInstances: number;
  namespaceId: string;
  rolloutActiveGracePeriod: number;
  constraints?: unknown;
  affinities?: unknown;
  observability?: unknown;
}

export type RolloutStatus = "pending" | "progressing" | "completed" | "reverted" | "replaced";

export interface RolloutDoc {
  id: string;
  applicationId: string;
  createdAt: string;
  /** Absent in documents of before rollouts had steps, which were complete at once. */
  progress?: {
    status: RolloutStatus;
    /** Where it is to go: a share for each step, 0 before the first. Counted from 0. */
    step: number;
    /** Whether the containers of the step have all been replaced. */
    settled: boolean;
    /** Set by `revert`: it goes back to step 0, and is `reverted` there. */
    reverting: boolean;
    startedAt?: string;
    updatedAt: string;
  };
  description: string;
  strategy: string;
  kind: string;
  steps: { percentage: number; description: string }[];
  currentVersion: number;
  targetVersion: number;
  currentConfiguration: ContainerConfiguration;
  targetConfiguration: ContainerConfiguration;
}

export type ActiveRollout = RolloutDoc & { progress: NonNullable<RolloutDoc["progress"]> };

export interface ManifestDoc {
  /** Repository without the registry's host, such as `0123…/shop`. */
  repository: string;
  /** Digest: 64 hexadecimal digits. */
  sha256: string;
  mediaType: string;
}

export interface TagDoc {
  repository: string;
  tag: string;
  sha256: string;
}

/** A domain of the account, which nothing but host names of Workers is made of here. */
export interface ZoneDoc {
  id: string;
  name: string;
  createdOn: string;
}

/** A host name that a Worker answers for. */
export interface DomainDoc {
  id: string;
  hostname: string;
  service: string;
  zoneId: string;
  certId: string;
}

/** Addresses of a zone at which a Worker is asked. */
export interface RouteDoc {
  id: string;
  zoneId: string;
  pattern: string;
  /** Absent where no Worker is to be asked, whatever a wider pattern says. */
  script?: string;
}

export interface AlertPolicyDoc {
  id: string;
  createdAt: string;
  modifiedAt: string;
  /** What the API was told, field by field. */
  policy: Record<string, unknown>;
}

export interface AlertWebhookDoc {
  id: string;
  createdAt: string;
  name: string;
  url: string;
  /** Sealed; sent with notifications, and never given back. */
  secret?: string;
}

/** Data whose owner is gone from the metadata, but which the host has not yet been seen to remove. */
export interface LeftoverDoc {
  what: "kv" | "d1" | "r2" | "worker";
  name: string;
}

export interface State {
  kv: Collection<KvNamespaceDoc>;
  d1: Collection<D1DatabaseDoc>;
  d1Snapshots: Collection<D1SnapshotDoc>;
  r2: Collection<R2BucketDoc>;
  workers: Collection<WorkerDoc>;
  namespaces: Collection<NamespaceDoc>;
  versions: Collection<VersionDoc>;
  deployments: Collection<DeploymentDoc>;
  applications: Collection<ApplicationDoc>;
  rollouts: Collection<RolloutDoc>;
  manifests: Collection<ManifestDoc>;
  tags: Collection<TagDoc>;
  zones: Collection<ZoneDoc>;
  domains: Collection<DomainDoc>;
  routes: Collection<RouteDoc>;
  alertPolicies: Collection<AlertPolicyDoc>;
  alertWebhooks: Collection<AlertWebhookDoc>;
  leftovers: Collection<LeftoverDoc>;
  transaction<R>(work: () => R): R;
}

export function openState(store: DocumentStore): State {
  return {
    kv: store.collection("kvNamespace"),
    d1: store.collection("d1Database"),
    d1Snapshots: store.collection("d1Snapshot"),
    r2: store.collection("r2Bucket"),
    workers: store.collection("worker"),
    namespaces: store.collection("durableObjectNamespace"),
    versions: store.collection("version"),
    deployments: store.collection("deployment"),
    applications: store.collection("containerApplication"),
    rollouts: store.collection("containerRollout"),
    manifests: store.collection("imageManifest"),
    tags: store.collection("imageTag"),
    zones: store.collection("zone"),
    domains: store.collection("workersDomain"),
    routes: store.collection("workersRoute"),
    alertPolicies: store.collection("alertPolicy"),
    alertWebhooks: store.collection("alertWebhook"),
    leftovers: store.collection("leftover"),
    transaction: (work) => store.transaction(work),
  };
}
