import * as pulumi from "@pulumi/pulumi";
import type { WorkerVersionInputs, WorkerVersionOutputs } from "../resources/workerVersion";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** An uploaded version of a Worker. Its `secrets` are secret in state, whatever is passed. */
export class WorkerVersion extends WandStoreResource {
  declare readonly versionId: pulumi.Output<string>;
  /** Milliseconds, where Cloudflare measured it. */
  declare readonly startupTimeMs: pulumi.Output<number | undefined>;

  constructor(name: string, args: ArgsOf<WorkerVersionInputs>, opts: pulumi.CustomResourceOptions = {}) {
    const outputs: Record<keyof WorkerVersionOutputs, undefined> = { versionId: undefined, startupTimeMs: undefined };
    super(
      "WorkerVersion",
      name,
      { ...args, secrets: pulumi.secret(args.secrets), ...outputs },
      pulumi.mergeOptions({ additionalSecretOutputs: ["secrets"] }, opts),
    );
  }
}
