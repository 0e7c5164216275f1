/**
 * Images in a Docker engine: loaded from the files of the registry, once for each digest, or, where their base is not among these,
 * the base alone, which the engine pulls.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { PassThrough, type Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";
import type { PackedImage } from "../image";
import { statusOf, type DockerClient } from "./client";

/** Under which repository the loaded images stand; `docker image ls embedded-cloud` lists them. */
const REPOSITORY = "embedded-cloud";

export class DockerImages {
  readonly #client: DockerClient;
  readonly #log: (line: string) => void;
  /** By name; those that failed are tried again. */
  readonly #ready = new Map<string, Promise<void>>();

  constructor(client: DockerClient, log: (line: string) => void) {
    this.#client = client;
    this.#log = log;
  }

  /** The name by which the engine has the image, or its base; loads or pulls it where it is missing. */
  async ready(image: PackedImage): Promise<string> {
    const name = image.base ?? `${REPOSITORY}:${image.digest.slice(0, 32)}`;
    const started = this.#ready.get(name) ?? this.#fetch(name, image);
    this.#ready.set(name, started);
    try {
      await started;
      return name;
    } catch (error) {
      this.#ready.delete(name);
      throw error;
    }
  }

  /** The next `ready` looks again: somebody may have removed images from the engine. */
  forget(): void {
    this.#ready.clear();
  }

  async #fetch(name: string, image: PackedImage): Promise<void> {
    if (await this.#has(name)) return;
    if (image.base === undefined) await this.#load(name, image);
    else await this.#pull(image.base);
    if (!(await this.#has(name))) throw new Error(`the Docker engine took ${image.ref}, and has no image ${name}`);
  }

  async #has(name: string): Promise<boolean> {
    try {
      await this.#client.docker.getImage(name).inspect();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  async #pull(name: string): Promise<void> {
    this.#log(`docker pulls ${name}`);
    await this.#finished((await this.#client.docker.pull(name)) as unknown as Readable);
    this.#log(`docker has ${name}`);
  }

  async #load(name: string, image: PackedImage): Promise<void> {
    const tar = pack();
    const archive = new PassThrough();
    const packed = Promise.all([pipeline(tar, archive), addImage(tar, name, image)]);
    const loaded = this.#client.docker
      .loadImage(archive, { quiet: true })
      .then((answer) => this.#finished(answer as Readable));
    await Promise.all([packed, loaded]);
  }

  /** Reads the engine's report to its end. @throws Error with the engine's words where it failed */
  #finished(report: Readable): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#client.docker.modem.followProgress(report, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  }
}

/** Writes an image as `docker save` does: its files, and `manifest.json` that names them. */
async function addImage(tar: Pack, name: string, { configFile, layers }: PackedImage): Promise<void> {
  const config = "config.json";
  const names = layers.map((file, index) => `${index}/${path.basename(file)}`);
  await addFile(tar, config, configFile);
  for (const [index, file] of layers.entries()) await addFile(tar, names[index] ?? "", file);
  tar.entry({ name: "manifest.json" }, JSON.stringify([{ Config: config, RepoTags: [name], Layers: names }]));
  tar.finalize();
}

async function addFile(tar: Pack, name: string, file: string): Promise<void> {
  const { size } = await stat(file);
  await pipeline(createReadStream(file), tar.entry({ name, size }));
}
