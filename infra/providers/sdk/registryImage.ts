import type * as pulumi from "@pulumi/pulumi";
import type { RegistryImageInputs, RegistryImageOutputs } from "../resources/registryImage";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** An image in Cloudflare's registry. A new tag is pushed; deleting it leaves the image where it is. */
export class RegistryImage extends WandStoreResource {
  /** `sha256:{hex}`. */
  declare readonly digest: pulumi.Output<string>;
  /** The image by its digest: `registry.cloudflare.com/{accountId}/{repository}@sha256:{hex}`. */
  declare readonly ref: pulumi.Output<string>;

  constructor(name: string, args: ArgsOf<RegistryImageInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof RegistryImageOutputs, undefined> = { digest: undefined, ref: undefined };
    super("RegistryImage", name, { ...args, ...outputs }, opts);
  }
}
