import type * as pulumi from "@pulumi/pulumi";
import type { WorkersDevUrlInputs, WorkersDevUrlOutputs } from "../resources/workersDevUrl";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** Where a Worker answers on workers.dev. */
export class WorkersDevUrl extends WandStoreResource {
  /** Without a path. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: ArgsOf<WorkersDevUrlInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof WorkersDevUrlOutputs, undefined> = { url: undefined };
    super("WorkersDevUrl", name, { ...args, ...outputs }, opts);
  }
}
