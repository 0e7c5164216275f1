import type * as pulumi from "@pulumi/pulumi";
import type { DataExportInputs, DataExportOutputs } from "../resources/dataExport";
import { WandStoreResource } from "./resource";
import type { ArgsOf } from "./types";

/**
 * What stands between a shop's data and its deletion. Nothing happens when it is made; when it is deleted, or one of the
 * ids changes, what is about to go is written to a folder first, and the bucket is emptied.
 */
export class DataExport extends WandStoreResource {
  /** Folder of the last export that an update made, relative to the project. */
  declare readonly exportedTo: pulumi.Output<string | undefined>;

  constructor(name: string, args: ArgsOf<DataExportInputs>, opts: pulumi.CustomResourceOptions = {}) {
    // An output is declared by an input that is undefined: the SDK fills it in when the provider answers.
    const outputs: Record<keyof DataExportOutputs, undefined> = { exportedTo: undefined };
    super("DataExport", name, { ...args, ...outputs }, opts);
  }
}
