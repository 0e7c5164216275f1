import { resourceRule } from "../rule";
import { words } from "../thresholds";
import { TYPES } from "../types";
import { textOf } from "../values";

export const containerInstanceType = resourceRule({
  name: "container-instance-type",
  level: "advisory",
  what: "Containers are of the instance type lite, the cheapest, which the generator is made to fit.",
  why: "The generator fits lite (1/16 vCPU, 256 MiB); each size up costs about four times as much.",
  fix: "Set pool.instanceType to lite unless you have measured the need.",
  setting: "pool.instanceType",
  thresholds: { allowed: words(["lite"], "instance types that need no advice") },
  judge({ type, props }, say, { allowed }) {
    if (type !== TYPES.containerApplication) return;
    const instanceType = textOf(props["instanceType"]);
    if (instanceType === undefined || allowed.includes(instanceType)) return;
    say(`The container application is of the instance type "${instanceType}".`);
  },
});
