import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { GeneratorContext } from "../bundle";
import { IMAGE_REPOSITORY } from "../naming";
import { RegistryImage } from "../providers/sdk";

export interface GeneratorImageArgs {
  readonly accountId: string;
  /** The build context, its path relative to the project, and the tag that names its content. */
  readonly context: GeneratorContext;
  /** An image that was built elsewhere: nothing is built or pushed, and no Docker is needed. */
  readonly prebuilt?: { readonly ref: string; readonly buildId?: string | undefined } | undefined;
}

/**
 * The generator's image in Cloudflare's registry: built where its content is new, pushed where the registry lacks its tag,
 * known from then on by its digest.
 *
 * @example
 * const image = new GeneratorImage("generator", { accountId, context: bundleAll(root, "dev").generator });
 * export const imageDigest = image.digest;
 */
export class GeneratorImage extends pulumi.ComponentResource {
  /** `registry.cloudflare.com/{account}/wandstore-generator@sha256:{hex}`, or the prebuilt image's own name. */
  readonly digest: pulumi.Output<string>;
  /** What the generator in it calls itself; undefined for a prebuilt image that came without. */
  readonly buildId: pulumi.Output<string | undefined>;

  constructor(name: string, args: GeneratorImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:GeneratorImage", name, {}, opts);
    const { prebuilt } = args;

    this.digest = prebuilt ? pulumi.output(prebuilt.ref) : this.#build(name, args).ref;
    this.buildId = pulumi.output(prebuilt ? prebuilt.buildId : args.context.buildId);
    this.registerOutputs({ digest: this.digest, buildId: this.buildId });
  }

  /** Built by Docker, pushed by our own provider: so no password of the registry is an input, and none in the state. */
  #build(name: string, { accountId, context: { folder, tag } }: GeneratorImageArgs): RegistryImage {
    const context = `../${folder}`; // Pulumi resolves paths from the program's folder, infra/
    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: `${IMAGE_REPOSITORY}:${tag}`,
        // Cloudflare runs linux/amd64 and nothing else.
        build: { context, dockerfile: `${context}/Dockerfile`, platform: "linux/amd64" },
        skipPush: true,
      },
      { parent: this },
    );
    return new RegistryImage(
      `${name}-registry`,
      { accountId, repository: IMAGE_REPOSITORY, tag, localImage: image.imageName },
      { parent: this },
    );
  }
}
