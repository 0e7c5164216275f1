/**
 * The containers of the process engine: images become child processes, and each namespace keeps to its limit.
 */
import type { ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { insidePort, processCommand, type ContainerRequest } from "./command";
import { ProcessContainer } from "./container";
import type { ContainerImage } from "./image";
import { IngressProxy } from "./ingress";
import { imageFor, isSameImage, namespaceOf, shortName, type ContainerPool } from "./pools";

/** The image name by which workerd asks for its networking sidecar. */
export const SIDECAR_IMAGE = "process-engine/ingress";
/** The words by which Cloudflare's `Container` class knows that the limit is reached, so that it waits, then answers 503. */
const NO_INSTANCE = "there is no container instance that can be provided to this durable object";

export interface EngineContainer {
  id: string;
  name: string;
  /** Name of the image that it was started from. */
  image: string;
  state: string;
  startedAt: string;
}

/** A refusal with the status that Docker's API has for it. */
export class EngineError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface ContainerSetOptions {
  /** One line of a container's output, or about it. */
  log: (line: string) => void;
  /** Hears of each child process, so that none outlives this one. */
  track: (child: ChildProcess) => void;
  /** From SIGTERM to SIGKILL, in milliseconds; Cloudflare gives 15 minutes, which no developer waits. */
  stopGraceMs?: number;
}

export class ContainerSet {
  readonly #options: ContainerSetOptions;
  readonly #pools = new Map<string, ContainerPool>();
  readonly #containers = new Map<string, ProcessContainer>();
  readonly #sidecars = new Map<string, IngressProxy>();
  readonly #portsTaken = new Set<number>();

  constructor(options: ContainerSetOptions) {
    this.#options = options;
  }

  /** Sets what the next containers of a namespace run; those that run go on until `replaceOutdated`. */
  setPool(namespaceId: string, pool: ContainerPool): void {
    this.#pools.set(namespaceId, pool);
  }

  /** The containers of a namespace that run something else than its pool says. */
  outdated(namespaceId: string): EngineContainer[] {
    return this.#running(namespaceId).filter(this.#isOutdated).map(shown);
  }

  /**
   * Stops the outdated containers of a namespace, with the grace, and resolves when they have ended.
   * @param before only those that were started up to this moment
   */
  async replaceOutdated(namespaceId: string, before: Date): Promise<void> {
    await this.#stop((container) => {
      if (namespaceOf(container.name) !== namespaceId || !this.#isOutdated(container)) return false;
      return container.startedAt === undefined || container.startedAt <= before;
    });
  }

  /** Forgets a namespace and stops its containers, with the grace. */
  async removePool(namespaceId: string): Promise<void> {
    this.#pools.delete(namespaceId);
    await this.#stop((container) => namespaceOf(container.name) === namespaceId);
  }

  /** The running containers of a namespace. */
  running(namespaceId: string): EngineContainer[] {
    return this.#running(namespaceId).map(shown);
  }

  find(name: string): ProcessContainer | undefined {
    return this.#containers.get(name);
  }

  findSidecar(name: string): IngressProxy | undefined {
    return this.#sidecars.get(name);
  }

  /** @throws EngineError 409 where the name is taken, 404 where the namespace runs no image */
  create(name: string, imageRef: string, request: ContainerRequest): void {
    const spent = this.#containers.get(name)?.state === "exited"; // its name is free again, which spares workerd a round
    if ((this.#containers.has(name) && !spent) || this.#sidecars.has(name)) {
      throw new EngineError(409, `Conflict. The container name "${name}" is already in use.`);
    }
    if (imageRef === SIDECAR_IMAGE) {
      const application = name.replace(/-proxy$/, "");
      this.#sidecars.set(name, new IngressProxy(() => this.#listening(application)));
      return;
    }
    const image = this.#image(name);
    const container = new ProcessContainer({
      name,
      image,
      prepare: async () => {
        const outside = await this.#takePort();
        void container.wait().then(() => this.#portsTaken.delete(outside));
        return {
          command: processCommand(image, request, outside),
          ports: { inside: insidePort(image, request), outside },
        };
      },
      log: (line) => this.#options.log(`container ${shortName(name)}: ${line}`),
      track: this.#options.track,
      stopGraceMs: this.#options.stopGraceMs ?? 10_000,
    });
    this.#containers.set(name, container);
  }

  /** Starts a container; over the namespace's limit it ends at once, with the reason. */
  async start(container: ProcessContainer): Promise<void> {
    const namespaceId = namespaceOf(container.name);
    const pool = namespaceId === undefined ? undefined : this.#pools.get(namespaceId);
    if (pool !== undefined && namespaceId !== undefined && this.#running(namespaceId).length >= pool.maxInstances) {
      container.refuse(`${NO_INSTANCE} (max_instances is ${pool.maxInstances})`);
      return;
    }
    await container.start();
  }

  /** Removes a container or a sidecar, ending its process at once. */
  async remove(name: string): Promise<void> {
    await this.#sidecars.get(name)?.stop();
    this.#sidecars.delete(name);
    const container = this.#containers.get(name);
    await container?.stop("SIGKILL");
    if (this.#containers.get(name) === container) this.#containers.delete(name); // the name may be another's by now
  }

  /** Stops everything: SIGTERM, and SIGKILL after the grace. */
  async close(): Promise<void> {
    await this.#stop(() => true);
    await Promise.all([...this.#sidecars.values()].map((sidecar) => sidecar.stop()));
  }

  async #stop(which: (container: ProcessContainer) => boolean): Promise<void> {
    await Promise.all([...this.#containers.values()].filter(which).map((container) => container.stop("SIGTERM")));
  }

  #running(namespaceId: string): ProcessContainer[] {
    return [...this.#containers.values()].filter((container) => {
      return container.state === "running" && namespaceOf(container.name) === namespaceId;
    });
  }

  #listening(name: string) {
    const container = this.#containers.get(name);
    return container?.state === "running" ? container.ports : undefined;
  }

  /** What a container runs is its namespace's affair, whatever image it was created with: so an image can be rolled out. */
  #image(name: string): ContainerImage {
    const pool = this.#pools.get(namespaceOf(name) ?? "");
    if (pool === undefined) {
      const known = [...this.#pools.keys()].join(", ") || "none";
      throw new EngineError(404, `No such image: the namespace of ${name} has none (namespaces that have: ${known})`);
    }
    return imageFor(pool, name);
  }

  readonly #isOutdated = ({ name, image }: ProcessContainer): boolean => {
    const pool = this.#pools.get(namespaceOf(name) ?? "");
    return pool !== undefined && !isSameImage(imageFor(pool, name), image);
  };

  /** A free port that no other container was given; between here and the process's listen nobody holds it. */
  async #takePort(): Promise<number> {
    for (;;) {
      const port = await freePort();
      if (this.#portsTaken.has(port)) continue;
      this.#portsTaken.add(port);
      return port;
    }
  }
}

function shown({ name, image, state, startedAt = new Date() }: ProcessContainer): EngineContainer {
  return { id: name, name: shortName(name), image: image.ref, state, startedAt: startedAt.toISOString() };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
