/**
 * Where Miniflare keeps data under the host's folder, and how a resource's data is removed. Each resource has its own files;
 * only `metadata.sqlite`, the alarms of Miniflare's own objects (which set none), is common to those of a kind.
 */
import { createHash, createHmac } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { firstAlarm } from "./alarms";

type DataKind = "kv" | "d1" | "r2";

/** The unique keys of the Durable Objects in which Miniflare keeps the data of each kind. */
const OBJECT_KEYS: Record<DataKind, string> = {
  kv: "miniflare-KVNamespaceObject",
  d1: "miniflare-D1DatabaseObject",
  r2: "miniflare-R2BucketObject",
};
const OBJECT_FILE = /^([0-9a-f]{64})\.sqlite$/;
const SAFE_ID = /^[\w-][\w.-]*$/;

export class Storage {
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** Miniflare's options that say where data is kept. The Cache API keeps none: its answers go with the process. */
  get persistence() {
    return {
      kvPersist: this.#path("kv"),
      d1Persist: this.#path("d1"),
      r2Persist: this.#path("r2"),
      durableObjectsPersist: this.#path("do"),
      cachePersist: false,
    };
  }

  /** Removes the data of a resource that no workerd holds. */
  async remove(kind: DataKind, id: string): Promise<void> {
    const objectKey = OBJECT_KEYS[kind];
    const file = this.#path(kind, objectKey, `${objectIdFromName(objectKey, id)}.sqlite`);
    const suffixes = ["", "-wal", "-shm"];
    await Promise.all([this.#path(kind, checked(id)), ...suffixes.map((suffix) => file + suffix)].map(removePath));
  }

  /** Removes the storage of all objects of a Durable Object namespace that no workerd holds. */
  removeDurableObjects(namespaceId: string): Promise<void> {
    return removePath(this.#path("do", checked(namespaceId)));
  }

  /** When the first alarm of these Durable Object namespaces is due, in milliseconds since 1970. */
  firstAlarm(namespaceIds: readonly string[]): number | undefined {
    const times = namespaceIds.flatMap((id) => firstAlarm(this.#path("do", checked(id), "metadata.sqlite")) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The ids of the objects of a Durable Object namespace that have stored anything, in order. */
  async durableObjects(namespaceId: string): Promise<string[]> {
    const files = await readdir(this.#path("do", checked(namespaceId))).catch(() => []); // no folder before the first object
    return files.flatMap((file) => OBJECT_FILE.exec(file)?.[1] ?? []).toSorted();
  }

  #path(...parts: string[]): string {
    return path.join(this.#dataDir, ...parts);
  }
}

const removePath = (target: string): Promise<void> => rm(target, { recursive: true, force: true });

function checked(id: string): string {
  if (!SAFE_ID.test(id)) throw new Error(`"${id}" cannot name a folder: letters, digits, "-", "_" and "." are allowed`);
  return id;
}

/** The id that workerd gives to the Durable Object of a name (workerd, server/actor-id-impl.c++). */
function objectIdFromName(uniqueKey: string, name: string): string {
  const key = createHash("sha256").update(uniqueKey).digest();
  const sign = (data: string | Buffer) => createHmac("sha256", key).update(data).digest().subarray(0, 16);
  const named = sign(name);
  return Buffer.concat([named, sign(named)]).toString("hex");
}
