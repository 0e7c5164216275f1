import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Host } from "../../../../local/cloud/host";
import { edgeTable, get, HostFolder, type EdgeAnswer } from "../../../local/cloud/host/support";

const ROOT = path.resolve(__dirname, "../../../..");
const CONTAINERS = "c".repeat(32);

export interface ContainerHostOptions {
  /** Source of a Worker that exports the product's container class; it imports from the repository's root. */
  worker: string;
  /** Source of what runs in the container; it listens on `PORT` and `HOST`. */
  server: string;
  /** After how much quiet a container goes to sleep, such as `5m`. */
  sleepAfter: string;
  /** Further Durable Objects of the Worker: classes by binding. */
  objects?: Readonly<Record<string, string>>;
}

/** A host of the local cloud with one Worker, whose `GENERATOR` is the product's own container class. */
export class ContainerHost {
  #folder: HostFolder | undefined;
  #running: Host | undefined;

  async start({ worker, server, sleepAfter, objects = {} }: ContainerHostOptions): Promise<void> {
    const folder = (this.#folder = await HostFolder.create());
    const host = (this.#running = await folder.start());
    const image = await imageOf(folder, server);
    const others = Object.entries(objects);
    const spec = await folder.worker("pool", await bundled(worker), {
      bindings: [
        { type: "durableObject", name: "GENERATOR", className: "AIGeneratorContainer" },
        ...others.map(([name, className]) => ({ type: "durableObject" as const, name, className })),
        { type: "text", name: "CONTAINER_SLEEP_AFTER", text: sleepAfter },
      ],
      durableObjects: [
        {
          className: "AIGeneratorContainer",
          namespaceId: CONTAINERS,
          sqlite: true,
          container: { image, maxInstances: 1 },
        },
        ...others.map(([, className], index) => ({ className, namespaceId: `${index}`.repeat(32), sqlite: true })),
      ],
    });
    await host.setWorker(spec);
    host.setEdge(edgeTable("pool"));
  }

  async stop(): Promise<void> {
    await this.#folder?.remove();
  }

  /** Asks the Worker. */
  get(route: string): Promise<EdgeAnswer> {
    return get(this.#host, "pool.localhost", route);
  }

  /** The containers that run. */
  awake(): ReturnType<Host["instances"]> {
    return this.#host.instances(CONTAINERS);
  }

  get #host(): Host {
    if (this.#running === undefined) throw new Error("the host is not started");
    return this.#running;
  }
}

async function bundled(worker: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: "esm",
    keepNames: true,
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
  });
  return outputFiles[0]?.text ?? "";
}

/** An image that is a folder with one file. */
async function imageOf(folder: HostFolder, server: string) {
  const rootDir = path.join(folder.dir, "image");
  await mkdir(path.join(rootDir, "app"), { recursive: true });
  await writeFile(path.join(rootDir, "app/server.js"), server);
  return {
    ref: "registry.cloudflare.com/account/app:1",
    rootDir,
    config: { Cmd: ["node", "server.js"], WorkingDir: "/app", Env: [], ExposedPorts: { "8080/tcp": {} } },
  };
}
