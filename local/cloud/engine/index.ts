/**
 * The embedded engine: what workerd takes for Docker. It answers the part of Docker's HTTP API that workerd uses, on a unix socket
 * of its own, and keeps the limits of pools; a launcher makes each container a child process, or one of a real Docker engine.
 */
import { createServer } from "node:http";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ContainerSet, SIDECAR_IMAGE, type ContainerSetOptions, type EngineContainer } from "./container-set";
import { dockerApi } from "./docker-api";
import type { ContainerPool } from "./pools";

export { DockerEngineError } from "./docker/client";
export { DockerLauncher } from "./docker/launcher";
export type { ContainerImage, OciImageConfig, PackedImage, UnpackedImage } from "./image";
export type { Launcher } from "./launcher";
export { ProcessLauncher } from "./process/launcher";
export type { ContainerPool } from "./pools";
export type { EngineContainer } from "./container-set";

const SOCKET_NAME = "docker.sock";
/** The shortest that a system allows: macOS has 104 bytes with the end, Linux 108. */
const MAX_SOCKET_PATH_BYTES = 103;

export interface ContainerEngine {
  /** Miniflare's `containerEngine` option. */
  readonly miniflareOption: { localDocker: { socketPath: string; containerEgressInterceptorImage: string } };
  /** Sets what the next containers of a Durable Object namespace run; those that run go on until `replaceOutdated`. */
  setPool(namespaceId: string, pool: ContainerPool): void;
  /** The containers of a namespace that run something else than its pool says. */
  outdated(namespaceId: string): EngineContainer[];
  /** Stops (SIGTERM, SIGKILL after 10 s) the outdated containers that were started up to `before`; resolves when they ended. */
  replaceOutdated(namespaceId: string, before: Date): Promise<void>;
  removePool(namespaceId: string): Promise<void>;
  /** The running containers of a namespace. */
  running(namespaceId: string): EngineContainer[];
  /** Stops every container (SIGTERM, SIGKILL after 10 s) and the engine. */
  close(): Promise<void>;
}

export interface ContainerEngineOptions extends ContainerSetOptions {
  /** Folder for the socket; one under the system's temporary folder where the path would be too long. */
  socketDir: string;
}

/** Starts an engine without a container. */
export async function startContainerEngine(options: ContainerEngineOptions): Promise<ContainerEngine> {
  const socketPath = await freeSocketPath(options.socketDir);
  const containers = new ContainerSet(options);
  const server = createServer(dockerApi(containers));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(socketPath, resolve);
  });
  return {
    miniflareOption: {
      localDocker: { socketPath: `unix:${socketPath}`, containerEgressInterceptorImage: SIDECAR_IMAGE },
    },
    setPool: (namespaceId, pool) => containers.setPool(namespaceId, pool),
    outdated: (namespaceId) => containers.outdated(namespaceId),
    replaceOutdated: (namespaceId, before) => containers.replaceOutdated(namespaceId, before),
    removePool: (namespaceId) => containers.removePool(namespaceId),
    running: (namespaceId) => containers.running(namespaceId),
    async close() {
      await containers.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (!socketPath.startsWith(options.socketDir))
        await rm(path.dirname(socketPath), { recursive: true, force: true });
    },
  };
}

/** A place for the socket; what a killed engine left there is removed. */
async function freeSocketPath(folder: string): Promise<string> {
  const wanted = path.join(folder, SOCKET_NAME);
  if (Buffer.byteLength(wanted) > MAX_SOCKET_PATH_BYTES) {
    return path.join(await mkdtemp(path.join(tmpdir(), "engine-")), SOCKET_NAME);
  }
  await mkdir(folder, { recursive: true });
  await rm(wanted, { force: true });
  return wanted;
}
