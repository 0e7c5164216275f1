/**
 * The interface of the host: what the embedded cloud's API declares, and what it may ask of the running Workers' data.
 */
import type { Miniflare } from "miniflare";
import type { ContainerImage } from "../engine";

export type { ContainerImage, OciImageConfig } from "../engine";

/** The Durable Object class of a Worker, with the namespace that keeps its data through deployments. */
export interface DurableObjectClass {
  className: string;
  namespaceId: string;
  sqlite: boolean;
  container?: { image: ContainerImage; maxInstances: number };
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

/** Which Worker answers which host names (lower case, without a port). */
export interface EdgeTable {
  workers: { name: string; hosts: string[] }[];
  defaultWorker?: string;
}

/** A running container of a Durable Object namespace. */
export interface ContainerInstance {
  id: string;
  name: string;
  state: string;
  startedAt: string;
}

export type KvData = Awaited<ReturnType<Miniflare["getKVNamespace"]>>;
export type D1Data = Awaited<ReturnType<Miniflare["getD1Database"]>>;
export type R2Data = Awaited<ReturnType<Miniflare["getR2Bucket"]>>;

export interface Host {
  /** Declares what should run; applied lazily, at the next use of the Worker. */
  setWorker(spec: WorkerSpec): Promise<void>;
  /** Takes the Worker away, with the data of its Durable Objects. */
  removeWorker(name: string): Promise<void>;
  setEdge(routes: EdgeTable): void;
  kv(namespaceId: string): Promise<KvData>;
  d1(databaseId: string): Promise<D1Data>;
  r2(bucketName: string): Promise<R2Data>;
  deleteKv(id: string): Promise<void>;
  deleteD1(id: string): Promise<void>;
  deleteR2(name: string): Promise<void>;
  /** The running containers of a Durable Object namespace. */
  instances(namespaceId: string): ContainerInstance[];
  runScheduled(name: string, cron: string): Promise<void>;
  readonly edgeUrl: string;
  close(): Promise<void>;
}

export interface HostOptions {
  dataDir: string;
  /** Port of the edge on 127.0.0.1; 0 takes any free one. */
  edgePort: number;
  log: (line: string) => void;
}
