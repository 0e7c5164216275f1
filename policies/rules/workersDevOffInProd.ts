import { type Resource, stackRule } from "../rule";
import { inProd } from "../thresholds";
import { TYPES } from "../types";
import { objectOf, type Props } from "../values";
import { environmentsOf } from "../worker";

export const workersDevOffInProd = stackRule({
  name: "workers-dev-off-in-prod",
  level: "mandatory",
  what: "In production a Worker answers at the shop's own host name only, not on workers.dev.",
  why: "A second address is a way past the firewall, the rate limits and the cookies of the shop's own host name.",
  fix: "Set worker.domain, and worker.subdomain to false; leave preview addresses off.",
  setting: "worker.subdomain",
  thresholds: { environments: inProd },
  judgeStack(resources, say, { environments }) {
    if (!environmentsOf(resources).some((environment) => environments.includes(environment))) return;
    for (const resource of resources) {
      const { enabled, previewsEnabled } = subdomainOf(resource);
      if (enabled === true) say("The Worker answers on workers.dev.", resource);
      else if (previewsEnabled === true) say("Each version of the Worker has an address on workers.dev.", resource);
    }
  },
});

function subdomainOf({ type, props }: Resource): Props {
  if (type === TYPES.worker) return objectOf(props["subdomain"]);
  return type === TYPES.scriptSubdomain ? props : {};
}
