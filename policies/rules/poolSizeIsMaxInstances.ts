import { stackRule } from "../rule";
import { TYPES } from "../types";
import { numberOf, objectOf } from "../values";
import { variablesOf } from "../worker";

export const poolSizeIsMaxInstances = stackRule({
  name: "pool-size-is-max-instances",
  level: "mandatory",
  what: "The Worker sends work to exactly as many pool members as containers may run, and all of them are verified.",
  why:
    "A member without a container of its own makes shoppers wait for ever; a container without a member is never asked; and " +
    "a rollout that asks fewer members counts as done too early.",
  fix: "Take POOL_SIZE, maxInstances and verification.members from the one setting pool.size.",
  setting: "pool.size",
  thresholds: {},
  judgeStack(resources, say) {
    const sizes = resources.flatMap((resource) => numberOf(variablesOf(resource).get("POOL_SIZE")) ?? []);
    const [size] = sizes;
    if (size === undefined) return;
    for (const resource of resources.filter(({ type }) => type === TYPES.containerApplication)) {
      const most = numberOf(resource.props["maxInstances"]);
      const members = numberOf(objectOf(resource.props["verification"])["members"]);
      if (most !== undefined && most !== size) {
        say(
          `The Worker has ${size} pool members (POOL_SIZE), and ${most} containers may run (maxInstances).`,
          resource,
        );
      }
      if (members !== undefined && members !== size) {
        say(
          `The Worker has ${size} pool members (POOL_SIZE), and a rollout is verified at ${members} of them.`,
          resource,
        );
      }
    }
  },
});
