import { resourceRule } from "../rule";
import { words } from "../thresholds";
import { CODE } from "../types";
import { isObject, listOf, textsOf } from "../values";

export const durableObjectClassRemoval = resourceRule({
  name: "durable-object-class-removal",
  level: "mandatory",
  what: "A Durable Object class is removed only where somebody has said so by its name.",
  why: "With the class go all its objects and what they hold, at once and for good: no export, no undelete, no way back.",
  fix:
    "Keep the class, or rename it; to remove it, name it in policies/config.json: " +
    '{"durable-object-class-removal": {"allowed": ["TheClass"]}}.',
  thresholds: { allowed: words([], "classes that may be removed; leave them there, as the history keeps the step") },
  judge({ type, props }, say, { allowed }) {
    if (!CODE.has(type)) return;
    const { migrations } = props;
    // Ours is the whole history; the provider's is one step, or a list of steps inside it.
    const steps = isObject(migrations) ? [migrations, ...listOf(migrations["steps"])] : listOf(migrations);
    const removed = steps.flatMap((step) => textsOf(step["deletedClasses"]));
    for (const name of removed.filter((each) => !allowed.includes(each))) {
      say(`A migration removes the Durable Object class ${name}.`);
    }
  },
});
