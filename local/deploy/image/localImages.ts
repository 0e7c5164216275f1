import type { PushImage } from "../../../infra/providers/context";
import { registryOrigin } from "../../../infra/providers/registry/address";
import { basicAuthorization } from "../../../infra/providers/registry/manifest";
import type { BuiltImage } from "./build";
import { pushImage } from "./push";

/**
 * What a Docker engine is to the program: it has the images that were built, by their names. Nothing is kept of an image but
 * how it is built, which gives the same one each time; a run that pushes one has seen its recipe before.
 */
export class LocalImages {
  readonly #builds = new Map<string, () => Promise<BuiltImage>>();

  set(name: string, build: () => Promise<BuiltImage>): void {
    this.#builds.set(name, build);
  }

  /** Pushes as our provider asks for it. @throws Error for a name that no resource of this run has. */
  readonly push: PushImage = async ({ local, registry, repository, tag, username, password }) => {
    const build = this.#builds.get(local);
    if (build === undefined) {
      throw new Error(
        `no docker.Image of this program is named ${local}; it has ${[...this.#builds.keys()].join(", ") || "none"}`,
      );
    }
    const authorization = basicAuthorization({ username, password });
    return {
      digest: await pushImage(await build(), { registryUrl: registryOrigin(registry), authorization, repository, tag }),
    };
  };
}
