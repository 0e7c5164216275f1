/**
 * The process engine: a container engine for workerd without Docker, where a container is a child process. It answers the part
 * of Docker's HTTP API that workerd uses, on a unix socket of its own.
 */
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ContainerSet, SIDECAR_IMAGE, type ContainerSetOptions, type EngineContainer } from "./container-set";
import { dockerApi } from "./docker-api";
import type { ContainerPool } from "./pools";

export type { ContainerImage, OciImageConfig } from "./image";
export type { ContainerPool } from "./pools";
export type { EngineContainer } from "./container-set";

export interface ProcessEngine {
  /** Miniflare's `containerEngine` option. */
  readonly miniflareOption: { localDocker: { socketPath: string; containerEgressInterceptorImage: string } };
  /** Sets what a Durable Object namespace runs; containers of another image are stopped before this resolves. */
  setPool(namespaceId: string, pool: ContainerPool): Promise<void>;
  removePool(namespaceId: string): Promise<void>;
  /** The running containers of a namespace. */
  running(namespaceId: string): EngineContainer[];
  /** Stops every container (SIGTERM, SIGKILL after 10 s) and the engine. */
  close(): Promise<void>;
}

/** Starts an engine without a container. */
export async function startProcessEngine(options: ContainerSetOptions): Promise<ProcessEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), "engine-")); // short: a socket's path has at most 108 characters
  const socketPath = path.join(folder, "docker.sock");
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
    removePool: (namespaceId) => containers.removePool(namespaceId),
    running: (namespaceId) => containers.running(namespaceId),
    async close() {
      await containers.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
