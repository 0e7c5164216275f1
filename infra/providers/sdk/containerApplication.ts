import type * as pulumi from "@pulumi/pulumi";
import type { ContainerApplicationInputs, ContainerApplicationOutputs } from "../resources/containerApplication";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/**
 * A container application. A new image or size is rolled out; a new name or namespace replaces it. The token of its
 * `verification` is secret in state, whatever is passed.
 */
export class ContainerApplication extends WandStoreResource {
  declare readonly applicationId: pulumi.Output<string>;
  /** The build that all members of the pool answered; undefined when they were not asked. */
  declare readonly verifiedBuildId: pulumi.Output<string | undefined>;

  constructor(name: string, args: ArgsOf<ContainerApplicationInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof ContainerApplicationOutputs, undefined> = {
      applicationId: undefined,
      verifiedBuildId: undefined,
    };
    super("ContainerApplication", name, { ...args, ...outputs }, opts);
  }
}
