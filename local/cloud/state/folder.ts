/** Where the embedded cloud keeps what: the one place that knows the names of its files. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

export interface StateFolder {
  root: string;
  /** SQLite: accounts, namespaces, Workers, versions, applications. */
  metadata: string;
  /** Modules of Workers, content-addressed. */
  modules: string;
  /** Data of D1 databases at the bookmarks that were asked for, content-addressed. */
  snapshots: string;
  /** Blobs and manifests of the image registry, content-addressed. */
  registry: string;
  /** Unpacked container images, one folder for each manifest digest. */
  images: string;
  /** KV, D1, R2 and Durable Object data, owned by the host. */
  data: string;
  /** The key that secrets are sealed with. */
  key: string;
  token: string;
  /** Says that a cloud runs here, and where it listens. */
  running: string;
}

/** Names the files under `${stateDir}/cloud`; creates nothing. */
export function stateFolder(stateDir: string): StateFolder {
  const root = join(stateDir, "cloud");
  return {
    root,
    metadata: join(root, "metadata.sqlite"),
    modules: join(root, "modules"),
    snapshots: join(root, "snapshots"),
    registry: join(root, "registry"),
    images: join(root, "images"),
    data: join(root, "data"),
    key: join(root, "key"),
    token: join(root, "token"),
    running: join(root, "running.json"),
  };
}

/** Creates the folders, readable by their owner only. */
export function createFolders(folder: StateFolder): void {
  for (const path of [folder.root, folder.modules, folder.snapshots, folder.registry, folder.images, folder.data]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}
