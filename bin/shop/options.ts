import type { CommonOptions } from "../options";

/** What every command on shops takes. */
export interface ShopOptions extends CommonOptions {
  /** In the embedded cloud, without the Pulumi CLI. */
  readonly local: boolean;
  readonly json: boolean;
  readonly apiPort?: number;
}
