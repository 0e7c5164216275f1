import type { Change } from "../engine/diff";
import type { Props } from "../engine/values";

/** A resource of a state whose live state was asked for. */
export interface Found {
  urn: string;
  type: string;
  name: string;
  id: string;
  dependencies: readonly string[];
  /** Those of the state, with their secret marks (or `[secret]` where the Pulumi CLI has hidden them). */
  inputs: Props;
  outputs: Props;
  ignoreChanges: readonly string[];
  /** Outputs that are secrets whatever the inputs are. */
  secretOutputs: readonly string[];
  live: "deleted" | Change[];
  byHand?: string;
}
