/**
 * Containers of a real Docker engine, each with the memory that its instance type has. They carry a label of the cloud that made
 * them, by which the next start of that cloud removes what a killed one left running.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import type { ContainerImage, PackedImage } from "../image";
import { portOf, variablesOf, type Address, type Launch, type Launched, type Launcher } from "../launcher";
import { connectDocker, statusOf, type DockerClient } from "./client";
import { DockerImages } from "./images";

const OWNER_LABEL = "embedded-cloud.owner";
const LOOPBACK = "127.0.0.1";
/** The machine itself, by the name that Docker Desktop gives it: what listens there can be called from a container. */
const HOST_ALIAS = "host.docker.internal:host-gateway";

export interface DockerLauncherOptions {
  /** Unix socket of the engine, such as `/var/run/docker.sock`. */
  socketPath: string;
  /** Tells the containers of one cloud from those of another: its data folder. */
  owner: string;
  log: (line: string) => void;
  /** Reaches containers by published ports although their own addresses can be reached. */
  published?: boolean;
  /** How long the engine may take to be found, in milliseconds; five seconds. */
  findDeadlineMs?: number;
}

export class DockerLauncher implements Launcher {
  readonly #client: DockerClient;
  readonly #images: DockerImages;
  readonly #options: DockerLauncherOptions;

  private constructor(client: DockerClient, options: DockerLauncherOptions) {
    this.#client = client;
    this.#images = new DockerImages(client, options.log);
    this.#options = options;
  }

  /** Connects, and removes what an earlier cloud of the same owner left. @throws DockerEngineError where no engine answers */
  static async connect(options: DockerLauncherOptions): Promise<DockerLauncher> {
    const client = await connectDocker(options.socketPath, options.findDeadlineMs);
    const launcher = new DockerLauncher(client, options);
    await launcher.#removeOwn();
    return launcher;
  }

  prepare(image: ContainerImage): void {
    if (!isPacked(image)) return;
    this.#images.ready(image).catch((error: unknown) => {
      this.#options.log(`docker cannot have ${image.ref}: ${messageOf(error)}`);
    });
  }

  async launch(launch: Launch): Promise<Launched> {
    const { image, log } = launch;
    if (!isPacked(image)) throw new Error(`image ${image.ref} is unpacked; a Docker engine takes it as it was pushed`);
    let container: Docker.Container | undefined;
    try {
      container = await this.#create(launch, image);
      for (const layer of image.base === undefined ? [] : image.layers) {
        await container.putArchive(createReadStream(layer), { path: "/" });
      }
      await this.#follow(container, log);
      await container.start();
      return await this.#launched(container, log);
    } catch (error) {
      const said = `docker cannot start ${image.ref}: ${messageOf(error)}`;
      log(said);
      if (container !== undefined) await this.#remove(container);
      throw new Error(said, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#removeOwn();
  }

  /** Creates the container; what an earlier one left under its name is removed, and an image that somebody took away is had again. */
  async #create(launch: Launch, image: PackedImage): Promise<Docker.Container> {
    const attempt = async () =>
      this.#client.docker.createContainer(this.#description(launch, image, await this.#images.ready(image)));
    try {
      return await attempt();
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) this.#images.forget();
      else if (status === 409) await this.#remove(this.#client.docker.getContainer(launch.name));
      else throw error;
      return attempt();
    }
  }

  #description({ name, request }: Launch, image: PackedImage, loaded: string): Docker.ContainerCreateOptions {
    const { Entrypoint, Cmd, WorkingDir, User } = image.config;
    const command = request.cmd ?? Cmd;
    const ports = Object.keys(image.config.ExposedPorts ?? {});
    const named = portOf(image, request);
    if (named !== undefined && !ports.includes(`${named}/tcp`)) ports.push(`${named}/tcp`);
    const bytes = image.memoryMiB * 1024 ** 2;
    return {
      name,
      Image: loaded,
      Env: Object.entries(variablesOf(image, request)).map(([key, value]) => `${key}=${value}`),
      ...(Entrypoint && { Entrypoint }),
      ...(command && { Cmd: command }),
      ...(WorkingDir && { WorkingDir }),
      ...(User && { User }),
      ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
      Labels: { [OWNER_LABEL]: this.#options.owner },
      HostConfig: {
        PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: LOOPBACK, HostPort: "" }]])),
        Memory: bytes,
        MemorySwap: bytes, // none beyond it
        ExtraHosts: [HOST_ALIAS],
      },
    };
  }

  /** Passes the output on, from the first line. */
  async #follow(container: Docker.Container, log: (line: string) => void): Promise<void> {
    const { modem } = this.#client.lasting;
    const lasting = this.#client.lasting.getContainer(container.id);
    const output = await lasting.attach({ stream: true, stdout: true, stderr: true });
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    modem.demuxStream(output, streams.stdout, streams.stderr);
    for (const stream of Object.values(streams)) {
      createInterface({ input: stream }).on("line", log);
      output.once("end", () => stream.end());
    }
    output.once("error", () => {}); // the end of the container is heard of by the wait
  }

  async #launched(container: Docker.Container, log: (line: string) => void): Promise<Launched> {
    const { NetworkSettings } = await container.inspect();
    const { Ports, Networks } = NetworkSettings;
    const own = Object.values(Networks).find(({ IPAddress }) => IPAddress !== "")?.IPAddress;
    const host = this.#client.direct && this.#options.published !== true ? own : undefined;
    return {
      address: (port) => (host === undefined ? published(Ports, port) : { host, port }),
      signal: (signal) => {
        container.kill({ signal }).catch((error: unknown) => {
          if (![404, 409].includes(statusOf(error) ?? 0)) log(`docker does not pass ${signal} on: ${messageOf(error)}`);
        });
      },
      ended: this.#ended(container, log),
    };
  }

  async #ended(container: Docker.Container, log: (line: string) => void): Promise<number> {
    try {
      const waited = this.#client.lasting.getContainer(container.id).wait() as Promise<{ StatusCode: number }>;
      return (await waited).StatusCode;
    } catch (error) {
      log(`docker lost the container: ${messageOf(error)}`);
      return 137;
    } finally {
      await this.#remove(container);
    }
  }

  async #removeOwn(): Promise<void> {
    const { docker } = this.#client;
    const filters = { label: [`${OWNER_LABEL}=${this.#options.owner}`] };
    const left = await docker.listContainers({ all: true, filters });
    await Promise.all(left.map(({ Id }) => this.#remove(docker.getContainer(Id))));
  }

  /** Ends and removes a container; one that has gone, or is going, is none. */
  async #remove(container: Docker.Container): Promise<void> {
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      if (![404, 409].includes(statusOf(error) ?? 0)) {
        this.#options.log(`docker does not remove ${container.id.slice(0, 12)}: ${messageOf(error)}`);
      }
    }
  }
}

/** A port of this machine that the engine passes on to the container's. */
function published(ports: Docker.PortMap, port: number): Address | undefined {
  const [binding] = ports[`${port}/tcp`] ?? [];
  return binding && { host: LOOPBACK, port: Number(binding.HostPort), proxied: true };
}

const isPacked = (image: ContainerImage): image is PackedImage => "layers" in image;

/** The engine's own words, without the status that dockerode puts before them. */
function messageOf(error: unknown): string {
  const words = (error as { json?: { message?: string } | null }).json?.message;
  return words ?? (error instanceof Error ? error.message : String(error));
}
