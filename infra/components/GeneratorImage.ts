import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { GeneratorContext } from "../bundle";
import { IMAGE_REPOSITORY } from "../naming";

export interface GeneratorImageArgs {
  readonly accountId: string;
  /** The build context, its path relative to the project, and the tag that names its content. */
  readonly context: GeneratorContext;
}

/**
 * The generator's image in Cloudflare's registry, tagged by its content and known from then on by its digest. The push
 * takes the credentials that Docker has for the registry.
 *
 * @example
 * const image = new GeneratorImage("image", { accountId, context: bundleAll(root, "dev").generator });
 * export const imageDigest = image.digest;
 */
export class GeneratorImage extends pulumi.ComponentResource {
  /** `registry.cloudflare.com/{account}/wandstore-generator@sha256:{hex}`. */
  readonly digest: pulumi.Output<string>;

  constructor(name: string, args: GeneratorImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("wandstore:infra:GeneratorImage", name, {}, opts);
    const { folder, tag } = args.context;
    const context = `../${folder}`; // Pulumi resolves paths from the program's folder, infra/

    const image = new docker.Image(
      `${name}-image`,
      {
        imageName: `registry.cloudflare.com/${args.accountId}/${IMAGE_REPOSITORY}:${tag}`,
        // Cloudflare runs linux/amd64 and nothing else.
        build: {
          context,
          dockerfile: `${context}/Dockerfile`,
          platform: "linux/amd64",
        },
      },
      { parent: this },
    );

    this.digest = image.repoDigest;
    this.registerOutputs({ digest: this.digest });
  }
}
