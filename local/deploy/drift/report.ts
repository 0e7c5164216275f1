import type { Value } from "../engine/values";

/** A property that somebody changed by hand. What one side does not have is left out; secrets are `[secret]`. */
export interface PropertyDrift {
  /** Such as `maxInstances`, `rules[0]`, `bindings["POOL_SIZE"].text` or, inside a text of JSON, `value.brand.name`. */
  path: string;
  state?: Value;
  cloud?: Value;
}

/** A resource that the cloud no longer has as the state says. */
export interface ResourceDrift {
  urn: string;
  type: string;
  name: string;
  what: "changed" | "deleted";
  properties: PropertyDrift[];
  /** URN of the deleted resource that took this one along. */
  deletedWith?: string;
  /** Why no deployment puts it right, and what does. */
  byHand?: string;
}

/** Something in the account that is called like a part of the stack and is in no state. */
export interface Stray {
  /** Such as `KV namespace`. */
  what: string;
  name: string;
  id: string;
}

export interface DriftReport {
  /** Resources whose live state was read. */
  compared: number;
  resources: ResourceDrift[];
  strays: Stray[];
  /** What could not be looked at, and why. */
  notes: string[];
}

/** Whether anything differs. Strays are named, and are no difference of what was deployed. */
export const isDrifted = ({ resources }: DriftReport): boolean => resources.length > 0;
