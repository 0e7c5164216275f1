/** Images of container applications: found in the registry, unpacked once for each digest. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ContainerImage, ContainerPool, OciImageConfig } from "../host";
import type { BlobStore } from "../state/blobs";
import { uuid } from "../state/ids";
import type { ApplicationDoc, ContainerConfiguration, State } from "../state/model";
import { ImageConfig, Manifest } from "./manifest";
import { parseImage, sha256Of } from "./reference";
import { unpackLayer } from "./unpack";

const UNFINISHED = "unfinished-";

export class ImageStore {
  readonly #folder: string;
  readonly #blobs: BlobStore;
  readonly #state: State;
  readonly #accountId: string;

  constructor(folder: string, blobs: BlobStore, state: State, accountId: string) {
    this.#folder = folder;
    this.#blobs = blobs;
    this.#state = state;
    this.#accountId = accountId;
    for (const name of readdirSync(folder)) {
      if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  }

  /** Digest (64 hexadecimal digits) of the image's manifest for one platform; undefined where the registry has none. */
  async find(image: string): Promise<string | undefined> {
    const parsed = parseImage(image, this.#accountId);
    if (!parsed) return undefined;
    const { repository, reference } = parsed;
    const sha256 = sha256Of(reference) ?? this.#state.tags.get(`${repository}:${reference}`)?.sha256;
    if (!sha256 || !this.#state.manifests.get(`${repository}@${sha256}`)) return undefined;
    return this.#platform(sha256);
  }

  /** What the host runs for an application: its image, and the one that is being rolled out. */
  async pool({ running, runningManifest, maxInstances, next }: ApplicationDoc): Promise<ContainerPool> {
    const image = await this.#container(running, runningManifest);
    if (!next) return { image, maxInstances };
    const following = await this.#container(next.configuration, next.manifest);
    return { image, maxInstances, next: { image: following, percentage: next.percentage } };
  }

  /** The unpacked image with the application's own settings over it. */
  async #container(configuration: ContainerConfiguration, manifest: string): Promise<ContainerImage> {
    const { config, rootDir } = await this.#unpacked(manifest);
    return { ref: configuration.image, rootDir, config: configured(config, configuration) };
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
    return Manifest.parse(JSON.parse((await this.#blobs.read(sha256)).toString("utf8")));
  }

  async #unpacked(sha256: string): Promise<{ rootDir: string; config: OciImageConfig }> {
    const manifest = await this.#manifest(sha256);
    if ("manifests" in manifest) throw new Error(`sha256:${sha256} is a list of images`);
    const rootDir = join(this.#folder, sha256);
    if (!existsSync(rootDir)) {
      const unfinished = join(this.#folder, `${UNFINISHED}${uuid()}`);
      mkdirSync(unfinished, { mode: 0o700 });
      for (const { digest } of manifest.layers) {
        await unpackLayer(this.#blobs.path(sha256Of(digest) ?? ""), unfinished);
      }
      if (existsSync(rootDir)) rmSync(unfinished, { recursive: true, force: true });
      else renameSync(unfinished, rootDir);
    }
    const bytes = await this.#blobs.read(sha256Of(manifest.config.digest) ?? "");
    return { rootDir, config: ImageConfig.parse(JSON.parse(bytes.toString("utf8"))).config ?? {} };
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
