import { stackRule } from "../rule";
import { inProd } from "../thresholds";
import { TYPES } from "../types";
import { environmentsOf } from "../worker";

/** What nothing brings back: KV and D1 have no undelete worth relying on, and Durable Objects go with their Worker. */
const HOLDS_DATA: ReadonlySet<string> = new Set([
  TYPES.kvNamespace,
  TYPES.database,
  TYPES.bucket,
  TYPES.queue,
  TYPES.worker,
  TYPES.script,
]);

export const dataProtectedInProd = stackRule({
  name: "data-protected-in-prod",
  level: "mandatory",
  what: "In production KV, D1, R2 and the Worker with its Durable Objects are protected from deletion.",
  why: "A renamed resource or a mistaken destroy would delete a shop's data for good.",
  fix: "Leave protect in the stack's config at true, and give it to every resource that holds data.",
  setting: "protect",
  thresholds: { environments: inProd },
  judgeStack(resources, say, { environments }) {
    if (!environmentsOf(resources).some((environment) => environments.includes(environment))) return;
    for (const resource of resources) {
      if (HOLDS_DATA.has(resource.type) && !resource.isProtected) say(`${resource.name} is not protected.`, resource);
    }
  },
});
