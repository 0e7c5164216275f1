/**
 * The containers of the engine: each namespace runs its image, and keeps to its limit.
 */
import { Container } from "./container";
import type { ContainerImage } from "./image";
import { IngressProxy } from "./ingress";
import type { ContainerRequest, Launcher } from "./launcher";
import { imageFor, isSameImage, namespaceOf, shortName, type ContainerPool } from "./pools";

/** The image name by which workerd asks for its networking sidecar. */
export const SIDECAR_IMAGE = "embedded-engine/ingress";
/** What workerd puts after a container's name to call its sidecar. */
const PROXY = "-proxy";
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
  launcher: Launcher;
  /** From SIGTERM to SIGKILL, in milliseconds; Cloudflare gives 15 minutes, which no developer waits. */
  stopGraceMs?: number;
}

export class ContainerSet {
  readonly #options: ContainerSetOptions;
  readonly #pools = new Map<string, ContainerPool>();
  readonly #containers = new Map<string, Container>();
  readonly #sidecars = new Map<string, IngressProxy>();

  constructor(options: ContainerSetOptions) {
    this.#options = options;
  }

  /** Sets what the next containers of a namespace run; those that run go on until `replaceOutdated`. */
  setPool(namespaceId: string, pool: ContainerPool): void {
    this.#pools.set(namespaceId, pool);
    for (const image of [pool.image, pool.next?.image]) if (image) this.#options.launcher.prepare(image);
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

  find(name: string): Container | undefined {
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
      const application = name.slice(0, -PROXY.length);
      this.#sidecars.set(name, new IngressProxy((port) => this.#containers.get(application)?.address(port)));
      return;
    }
    const image = this.#image(name);
    const log = (line: string): void => this.#options.log(`container ${shortName(name)}: ${line}`);
    const launch = () => this.#options.launcher.launch({ name, image, request, log });
    const container = new Container({ name, image, launch, stopGraceMs: this.#options.stopGraceMs ?? 10_000 });
    void container.wait().then(() => this.#sidecars.get(`${name}${PROXY}`)?.disconnect());
    this.#containers.set(name, container);
  }

  /** Starts a container; over the namespace's limit it ends at once, with the reason. */
  async start(container: Container): Promise<void> {
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
    await this.#options.launcher.close();
  }

  async #stop(which: (container: Container) => boolean): Promise<void> {
    await Promise.all([...this.#containers.values()].filter(which).map((container) => container.stop("SIGTERM")));
  }

  #running(namespaceId: string): Container[] {
    return [...this.#containers.values()].filter((container) => {
      return container.state === "running" && namespaceOf(container.name) === namespaceId;
    });
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

  readonly #isOutdated = ({ name, image }: Container): boolean => {
    const pool = this.#pools.get(namespaceOf(name) ?? "");
    return pool !== undefined && !isSameImage(imageFor(pool, name), image);
  };
}

function shown({ name, image, state, startedAt = new Date() }: Container): EngineContainer {
  return { id: name, name: shortName(name), image: image.ref, state, startedAt: startedAt.toISOString() };
}
