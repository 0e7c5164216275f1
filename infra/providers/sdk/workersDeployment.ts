import type * as pulumi from "@pulumi/pulumi";
import type { WorkersDeploymentInputs, WorkersDeploymentOutputs } from "../resources/workersDeployment";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** Which version of a Worker gets the requests: `percentage` of them go to `versionId`, the rest to the version before. */
export class WorkersDeployment extends WandStoreResource {
  declare readonly deploymentId: pulumi.Output<string>;
  /** Who gets which share, percent. */
  declare readonly versions: pulumi.Output<{ versionId: string; percentage: number }[]>;
  /** The version that requests went to before, and where a share below 100 leaves the rest. */
  declare readonly previousVersionId: pulumi.Output<string | undefined>;

  constructor(name: string, args: ArgsOf<WorkersDeploymentInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof WorkersDeploymentOutputs, undefined> = {
      deploymentId: undefined,
      versions: undefined,
      previousVersionId: undefined,
    };
    super("WorkersDeployment", name, { ...args, ...outputs }, opts);
  }
}
