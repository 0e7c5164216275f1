import type * as pulumi from "@pulumi/pulumi";
import type { ReleaseInputs, ReleaseOutputs } from "../resources/release";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/** The record of a release in KV. Every change of its inputs writes a new record. */
export class Release extends WandStoreResource {
  declare readonly releaseId: pulumi.Output<string>;
  /** When it was written, ISO 8601. */
  declare readonly at: pulumi.Output<string>;

  constructor(name: string, args: ArgsOf<ReleaseInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof ReleaseOutputs, undefined> = { releaseId: undefined, at: undefined };
    super("Release", name, { ...args, ...outputs }, opts);
  }
}
