import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { knownText } from "./values";

/** The property that holds the physical name, by type. An image has no stack in its name: it is promoted by digest. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  [TYPES.kvNamespace]: "title",
  [TYPES.database]: "name",
  [TYPES.bucket]: "name",
  [TYPES.worker]: "name",
  [TYPES.containerApplication]: "name",
};

export const namesOfStack: ResourceValidationPolicy = {
  name: "names-of-stack",
  description: "Names start with wandstore-{stack}-, so that an account shows whose each resource is.",
  enforcementLevel: "mandatory",
  validateResource: ({ type, urn, props }, reportViolation) => {
    const property = NAME_PROPERTY[type];
    const name = property === undefined ? undefined : knownText(props[property]);
    if (name === undefined) return;
    const stack = urn.split("::")[0]?.split(":").at(-1) ?? "";
    const prefix = `wandstore-${stack}-`;
    if (name.startsWith(prefix) && name.length > prefix.length) return;
    reportViolation(
      `The ${property} "${name}" does not start with "${prefix}". Stacks share an account: without the prefix two of them ` +
        "can claim one name, and nobody can tell whose a resource is. Take the name from infra/naming.ts.",
    );
  },
};
