/** Images of container applications: found in the registry, and, for processes, unpacked once for each digest. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { resourcesOf } from "../containers/instanceTypes";
import type { ContainerImage, ContainerPool, OciImageConfig } from "../host";
import type { BlobStore } from "../state/blobs";
import { uuid } from "../state/ids";
import type { ApplicationDoc, ContainerConfiguration, State } from "../state/model";
import { baseLeftOut, ImageConfig, Manifest } from "./manifest";
import { parseImage, sha256Of } from "./reference";
import { unpackLayer } from "./unpack";

const UNFINISHED = "unfinished-";

export interface ImageStoreOptions {
  /** Where images are unpacked. */
  folder: string;
  blobs: BlobStore;
  state: State;
  accountId: string;
  /** Images are given as they were pushed, for a Docker engine, and none is unpacked. */
  packed: boolean;
}

export class ImageStore {
  readonly #options: ImageStoreOptions;

  constructor(options: ImageStoreOptions) {
    this.#options = options;
    const { folder } = options;
    for (const name of readdirSync(folder)) {
      if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  }

  /** Digest (64 hexadecimal digits) of the image's manifest for one platform; undefined where the registry has none. */
  async find(image: string): Promise<string | undefined> {
    const { state, accountId } = this.#options;
    const parsed = parseImage(image, accountId);
    if (!parsed) return undefined;
    const { repository, reference } = parsed;
    const sha256 = sha256Of(reference) ?? state.tags.get(`${repository}:${reference}`)?.sha256;
    if (!sha256 || !state.manifests.get(`${repository}@${sha256}`)) return undefined;
    return this.#platform(sha256);
  }

  /** What the host runs for an application: its image, and the one that is being rolled out. */
  async pool({ running, runningManifest, maxInstances, next }: ApplicationDoc): Promise<ContainerPool> {
    const image = await this.#container(running, runningManifest);
    if (!next) return { image, maxInstances };
    const following = await this.#container(next.configuration, next.manifest);
    return { image, maxInstances, next: { image: following, percentage: next.percentage } };
  }

  /** The image with the application's own settings over it. */
  async #container(configuration: ContainerConfiguration, sha256: string): Promise<ContainerImage> {
    const { blobs, packed } = this.#options;
    const manifest = await this.#manifest(sha256);
    if ("manifests" in manifest) throw new Error(`sha256:${sha256} is a list of images`);
    const configFile = blobs.path(sha256Of(manifest.config.digest) ?? "");
    const layers = manifest.layers.map(({ digest }) => blobs.path(sha256Of(digest) ?? ""));
    const { config = {} } = ImageConfig.parse(JSON.parse(await readFile(configFile, "utf8")));
    const named = { ref: configuration.image, config: configured(config, configuration) };
    if (!packed) return { ...named, rootDir: await this.#unpacked(sha256, layers) };
    const base = baseLeftOut(manifest);
    const { memory: memoryMiB } = resourcesOf(configuration);
    return { ...named, digest: sha256, configFile, layers, memoryMiB, ...(base !== undefined && { base }) };
  }

  /** From a list of images, the one for Linux on x86-64, which is what Cloudflare runs. */
  async #platform(sha256: string): Promise<string | undefined> {
    const manifest = await this.#manifest(sha256);
    if (!("manifests" in manifest)) return sha256;
    const linux = manifest.manifests.find(
      ({ platform }) => platform?.os === "linux" && platform.architecture === "amd64",
    );
    return linux && sha256Of(linux.digest);
  }

  async #manifest(sha256: string): Promise<Manifest> {
    return Manifest.parse(JSON.parse((await this.#options.blobs.read(sha256)).toString("utf8")));
  }

  /** The folder that the layers are unpacked into. */
  async #unpacked(sha256: string, layers: string[]): Promise<string> {
    const { folder } = this.#options;
    const rootDir = join(folder, sha256);
    if (existsSync(rootDir)) return rootDir;
    const unfinished = join(folder, `${UNFINISHED}${uuid()}`);
    mkdirSync(unfinished, { mode: 0o700 });
    for (const layer of layers) await unpackLayer(layer, unfinished);
    if (existsSync(rootDir)) rmSync(unfinished, { recursive: true, force: true });
    else renameSync(unfinished, rootDir);
    return rootDir;
  }
}

/** An application may give its own environment, entry point and command. */
function configured(image: OciImageConfig, application: ContainerConfiguration): OciImageConfig {
  const { environment_variables, entrypoint, command } = application as {
    environment_variables?: { name: string; value: string }[];
    entrypoint?: string[];
    command?: string[];
  };
  return {
    ...image,
    Env: [...(image.Env ?? []), ...(environment_variables ?? []).map(({ name, value }) => `${name}=${value}`)],
    ...(entrypoint ? { Entrypoint: entrypoint, Cmd: [] } : {}),
    ...(command ? { Cmd: command } : {}),
  };
}
