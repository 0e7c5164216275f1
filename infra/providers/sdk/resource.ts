import * as pulumi from "@pulumi/pulumi";
import { version } from "../package.json";

/** A resource of our own provider: the version tells the CLI which plugin to start. */
export abstract class WandStoreResource extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(`wandstore:index:${type}`, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}
