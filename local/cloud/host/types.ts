/**
 * The interface of the host: what the embedded cloud's API declares, and what it may ask of the running Workers' data.
 */
import type { Readable } from "node:stream";
import type { Miniflare } from "miniflare";
import type { Clock } from "../clock";
import type { ContainerPool } from "../engine";
import type { ZonePattern } from "../routePattern";
import type { ServedVersion } from "./traffic";

export type { ServedVersion } from "./traffic";
export type { ContainerImage, ContainerPool, OciImageConfig, PackedImage } from "../engine";

/** The Durable Object class of a Worker, with the namespace that keeps its data through deployments. */
export interface DurableObjectClass {
  className: string;
  namespaceId: string;
  sqlite: boolean;
  container?: ContainerPool;
}

export type HostBinding =
  | { type: "kv"; name: string; namespaceId: string }
  | { type: "d1"; name: string; databaseId: string }
  | { type: "r2"; name: string; bucketName: string }
  | { type: "text"; name: string; text: string }
  | { type: "json"; name: string; json: unknown }
  | { type: "durableObject"; name: string; className: string; scriptName?: string }
  | { type: "service"; name: string; service: string; entrypoint?: string };

export interface WorkerModule {
  name: string;
  type: "esm" | "cjs" | "text" | "data" | "wasm" | "json";
  /** File on disk. */
  path: string;
}

export interface WorkerSpec {
  name: string;
  workerId: string;
  versionId: string;
  mainModule: string;
  modules: WorkerModule[];
  compatibilityDate: string;
  compatibilityFlags: string[];
  bindings: HostBinding[];
  durableObjects: DurableObjectClass[];
}

/** What one version of a Worker brings: its code and what it is bound to. */
export type VersionSpec = Omit<WorkerSpec, "name" | "workerId" | "durableObjects">;

/** A Worker, with the version that owns its Durable Objects, and perhaps another one that takes a share of the requests. */
export interface WorkerDeclaration extends WorkerSpec {
  /** Reaches the Worker's Durable Objects, and has none of its own. */
  beside?: VersionSpec;
}

/** A version that has an address of its own, of a Worker without Durable Objects. */
export interface Preview {
  worker: string;
  workerId: string;
  version: VersionSpec;
}

export interface EdgeRoute extends ZonePattern {
  worker?: string;
}

/** Which Worker answers which host names (lower case, without a port). */
export interface EdgeTable {
  /** `versions`: newest first; where there is none, all requests go to the version that was declared. */
  workers: { name: string; hosts: string[]; versions?: ServedVersion[] }[];
  /** Which Worker answers which addresses; these are asked before the hosts. Without a Worker the hosts decide. */
  routes?: EdgeRoute[];
  /** The version that answers for a host that no Worker answers for. */
  preview?: (host: string) => Preview | undefined;
  defaultWorker?: string;
}

/** A running container of a Durable Object namespace. */
export interface ContainerInstance {
  id: string;
  name: string;
  /** Name of the image that it was started from. */
  image: string;
  state: string;
  startedAt: string;
}

/** What a Worker did when it was called: a trace item of workerd, which has the fields that Cloudflare's tails give. */
export interface TraceEvent {
  worker: string;
  versionId: string;
  item: TraceItem;
}

export interface TraceItem {
  outcome: string;
  event?: { request?: { url: string; method: string; headers: Record<string, string> } } | null;
  logs: { message: unknown; level: string; timestamp: number }[];
  exceptions: { name: string; message: unknown; timestamp: number }[];
}

export type KvData = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;
export type D1Data = Awaited<ReturnType<Miniflare["getD1Database"]>>;
export type R2Data = Awaited<ReturnType<Miniflare["getR2Bucket"]>> & {
  /** An object of any size, whose body comes as it is read: read it to its end, or destroy it. */
  open(key: string): Promise<StoredObject | undefined>;
};

export interface StoredObject {
  /** Bytes. */
  size: number;
  httpEtag: string;
  uploaded: Date;
  httpMetadata: {
    contentType?: string;
    contentLanguage?: string;
    contentDisposition?: string;
    contentEncoding?: string;
    cacheControl?: string;
    cacheExpiry?: Date;
  };
  body: Readable;
}

/** A Worker as far as its start depends on it. */
export interface TrialSpec extends Pick<WorkerSpec, "mainModule" | "compatibilityDate" | "compatibilityFlags"> {
  modules: { name: string; type: WorkerModule["type"]; content: Buffer }[];
  /** Variables by name. */
  variables: Record<string, unknown>;
  /** Names of its other bindings: secrets, which are nobody's business, and resources, which no start may use. */
  others: string[];
}

/** What came of it: how long the start took, or the runtime's words on why it failed. */
export type TrialResult = { startupTimeMs: number } | { failure: string };

export interface Host {
  /** Declares what should run; applied lazily, at the next use of the Worker. */
  setWorker(declaration: WorkerDeclaration): Promise<void>;
  /** Runs code as far as its own start goes, without data and with no call of a handler. */
  tryStart(spec: TrialSpec): Promise<TrialResult>;
  /** Takes the Worker away, with the data of its Durable Objects. */
  removeWorker(name: string): Promise<void>;
  setEdge(routes: EdgeTable): void;
  kv(namespaceId: string): Promise<KvData>;
  d1(databaseId: string): Promise<D1Data>;
  r2(bucketName: string): Promise<R2Data>;
  deleteKv(id: string): Promise<void>;
  deleteD1(id: string): Promise<void>;
  deleteR2(name: string): Promise<void>;
  /** The ids of the objects of a Durable Object namespace that have stored anything, in order. */
  durableObjects(namespaceId: string): Promise<string[]>;
  /** The running containers of a Durable Object namespace. */
  instances(namespaceId: string): ContainerInstance[];
  /** Sets what the next containers of a namespace run; nothing is stopped, no Worker is disturbed. */
  setPool(namespaceId: string, pool: ContainerPool): void;
  /** The running containers that run something else than the pool says. */
  outdatedInstances(namespaceId: string): ContainerInstance[];
  /** Stops (SIGTERM, SIGKILL after 10 s) the outdated containers that were started up to `before`; resolves when they ended. */
  replaceInstances(namespaceId: string, before: Date): Promise<void>;
  /** From when it resolves, every call of a Worker is told to `onTrace`, or none any more. Disturbs nothing that runs. */
  trace(on: boolean): Promise<void>;
  /** Calls the Worker's `scheduled` handler; rejects where there is none, or it fails. @param at the planned time, now if absent */
  runScheduled(name: string, cron: string, at?: Date): Promise<void>;
  readonly edgeUrl: string;
  close(): Promise<void>;
}

export interface HostOptions {
  dataDir: string;
  /** Port of the edge on 127.0.0.1; 0 takes any free one. */
  edgePort: number;
  log: (line: string) => void;
  /** Runs containers in the Docker engine behind this unix socket; where it is absent they are processes of this machine. */
  docker?: { socketPath: string };
  /** From 0 to 1: which of several versions of a Worker a request goes to. `Math.random` where it is not given. */
  random?: () => number;
  /** Told of what Workers do, while `trace` is on: shortly after each call has ended. */
  onTrace?: (event: TraceEvent) => void;
  /** Time, for tests that do not wait for it; only for what the host does by itself. */
  clock?: Clock;
  /** How long a Worker may be idle before its workerd ends, in milliseconds; the next request starts it again. Two minutes. */
  idleMs?: number;
}
