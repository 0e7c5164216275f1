import type { ResourceValidationPolicy } from "@pulumi/policy";
import { TYPES } from "./types";
import { knownText } from "./values";

export const containerInstanceType: ResourceValidationPolicy = {
  name: "container-instance-type",
  description: "Containers are of the instance type lite, the cheapest, which the generator is made to fit.",
  enforcementLevel: "advisory",
  validateResource: ({ type, props }, reportViolation) => {
    if (type !== TYPES.containerApplication) return;
    const instanceType = knownText(props["instanceType"]);
    if (instanceType === undefined || instanceType === "lite") return;
    reportViolation(
      `The container application is of the instance type "${instanceType}". The generator fits "lite" (1/16 vCPU, 256 MiB); ` +
        "each size up costs about four times as much. Set pool.instanceType to lite unless you have measured the need.",
    );
  },
};
