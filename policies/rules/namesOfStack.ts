import { resourceRule } from "../rule";
import { TYPES } from "../types";
import { textOf } from "../values";
import { stackOf } from "../worker";

/** The property that holds the physical name, by type. An image has no stack in its name: it is promoted by digest. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  [TYPES.kvNamespace]: "title",
  [TYPES.database]: "name",
  [TYPES.bucket]: "name",
  [TYPES.queue]: "queueName",
  [TYPES.worker]: "name",
  [TYPES.script]: "scriptName",
  [TYPES.pages]: "name",
  [TYPES.notification]: "name",
  [TYPES.notificationWebhook]: "name",
  [TYPES.containerApplication]: "name",
};

export const namesOfStack = resourceRule({
  name: "names-of-stack",
  level: "mandatory",
  what: "Names start with wandstore-{stack}-, so that an account shows whose each resource is.",
  why: "Stacks share an account: without the prefix two of them can claim one name, and nobody can tell whose a resource is.",
  fix: "Take the name from infra/naming.ts; leave worker.name in the stack's config out.",
  setting: "worker.name",
  thresholds: {},
  judge(resource, say) {
    const property = NAME_PROPERTY[resource.type];
    const name = property === undefined ? undefined : textOf(resource.props[property]);
    if (name === undefined) return;
    const prefix = `wandstore-${stackOf(resource)}-`;
    if (name.startsWith(prefix) && name.length > prefix.length) return;
    say(`The ${property} "${name}" does not start with "${prefix}".`);
  },
});
