import type { Props } from "./values";

/** A resource as the program declares it. */
export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: Props;
  dependencies: string[];
  /** URNs that each input came from. */
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  retainOnDelete: boolean;
  /** URN and id of the explicit provider (`urn::id`), where the program gives one. */
  provider?: string;
  /** URN of a resource that takes this one along when it is deleted. */
  deletedWith?: string;
  deleteBeforeReplace: boolean | undefined;
  /** Paths of inputs, such as `configuration.image`. */
  ignoreChanges: readonly string[];
  replaceOnChanges: readonly string[];
  additionalSecretOutputs: readonly string[];
  /** URNs that the resource may have had before. */
  aliases: readonly string[];
}

/** What the program is told of it. Without an id it is not known yet. */
export interface Registered {
  urn: string;
  id?: string;
  outputs: Props;
}

/** A declared resource with its checked inputs, as the policies see it, and what a plan promises to come of it. */
export type Declared = Omit<Registration, "aliases"> & { urn: string; outputs?: Props };
