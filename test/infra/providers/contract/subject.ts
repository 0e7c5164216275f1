import type { TestCloud } from "../../../local/cloud/support";
import type { Values } from "../support/plugin";

/** One type of resource, as the contract needs it: each case in surroundings of its own. */
export interface Subject {
  readonly type: string;
  /** Makes what the resource needs in the account. @param name is used by no other case. */
  prepare(test: TestCloud, name: string): Promise<Case>;
}

export interface Case {
  readonly inputs: Values;
  /** Inputs that the check refuses, with the property it names. */
  readonly bad: readonly (readonly [change: Values, property: string])[];
  /** A change that is made in place, and the paths of the difference. */
  readonly change?: { readonly inputs: Values; readonly paths: readonly string[] };
  /** A change that needs another resource, and the paths of the difference. */
  readonly replacement?: { readonly inputs: Values; readonly paths: readonly string[] };
  /** Outputs that a preview of the change keeps. */
  readonly stable?: readonly string[];
  /** The id to import it by; left out where it cannot be imported. */
  readonly importId?: (id: string) => string;
  /** What in the account the resource stands for. After any number of spoiled requests there is one. */
  count(): Promise<number>;
  /** How many there are after the change, where every change adds one. */
  readonly countChanged?: number;
  /** Whether a delete leaves it, because Cloudflare has nothing to delete. */
  readonly staysAfterDelete?: boolean;
  /** Takes it away behind the provider's back; left out where the cloud cannot. */
  remove?(id: string): Promise<void>;
}
