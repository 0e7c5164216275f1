/** Notification policies: who hears of what. They are kept and checked; nothing here raises an alert. */
import { z } from "zod";
import { errors, INVALID_INPUT } from "../../refusals";
import { Routes } from "../../routes";
import type { Services } from "../../services";
import { hexId } from "../../state/ids";
import type { AlertPolicyDoc } from "../../state/model";
import { checked, nameText } from "../../validation";
import { jsonBody } from "../body";
import { ok } from "../envelope";
import { mergePatch } from "../mergePatch";
import { ALERT_TYPES } from "./alertTypes";

const ids = <T extends z.ZodType<string>>(id: T) => z.array(z.object({ id })).optional();
const Mechanisms = z
  .object({ email: ids(z.email()), webhooks: ids(z.string()), pagerduty: ids(z.string()) })
  .refine((mechanisms) => Object.values(mechanisms).some((one) => one && one.length > 0), "at least one is needed");
const IMPACTS = ["NONE", "MINOR", "MAJOR", "CRITICAL"].map((impact) => `INCIDENT_IMPACT_${impact}`);
const Filters = z
  .record(z.string(), z.array(z.string()))
  .refine(({ incident_impact = [] }) => incident_impact.every((impact) => IMPACTS.includes(impact)), {
    path: ["incident_impact"],
    message: `allowed are ${IMPACTS.join(", ")}`,
  });
const Policy = z.object({
  name: nameText(1024),
  description: z.string().optional(),
  alert_type: z.enum(ALERT_TYPES),
  alert_interval: z.string().optional(),
  enabled: z.boolean().default(true),
  filters: Filters.optional(),
  mechanisms: Mechanisms,
});
type Policy = z.output<typeof Policy>;

export function alertPolicyRoutes({ state, now }: Services): Routes {
  const app = new Routes("kept and checked; nothing is raised or sent");

  app.get("/", (c) => ok(c, state.alertPolicies.list().map(shown)));
  app.post("/", async (c) => {
    const policy = await jsonBody(c, Policy, INVALID_INPUT.alerting);
    const at = now().toISOString();
    return ok(c, keep({ id: hexId(), createdAt: at, modifiedAt: at, policy: known(policy) }));
  });
  app.get("/:policy", (c) => ok(c, shown(find(c.req.param("policy")))));
  /** What is not given stays as it is; what is null goes, which is how Cloudflare's Terraform provider takes a field away. */
  app.put("/:policy", async (c) => {
    const changes = await jsonBody(c, z.record(z.string(), z.unknown()), INVALID_INPUT.alerting);
    const former = find(c.req.param("policy"));
    const merged = mergePatch({}, { ...former.policy, ...changes });
    const policy = known(checked(Policy, merged, INVALID_INPUT.alerting));
    return ok(c, keep({ ...former, modifiedAt: now().toISOString(), policy }));
  });
  app.delete("/:policy", (c) => {
    state.alertPolicies.delete(find(c.req.param("policy")).id);
    return ok(c, null);
  });
  return app;

  function keep(policy: AlertPolicyDoc): { id: string } {
    state.alertPolicies.put(policy.id, policy);
    return { id: policy.id };
  }

  function find(id: string): AlertPolicyDoc {
    const policy = state.alertPolicies.get(id);
    if (!policy) throw errors.alertPolicyNotFound();
    return policy;
  }

  /** Refuses webhooks that the account does not have; it has no PagerDuty at all. */
  function known(policy: Policy): Policy {
    const missing = [
      ...(policy.mechanisms.webhooks ?? []).filter(({ id }) => !state.alertWebhooks.get(id)),
      ...(policy.mechanisms.pagerduty ?? []),
    ];
    if (missing[0]) throw errors.alertDestinationNotFound(missing[0].id);
    return policy;
  }
}

/** Only what was given: a field that appears by itself would look like a change to whoever compares. */
const shown = ({ id, createdAt, modifiedAt, policy }: AlertPolicyDoc) => ({
  id,
  ...policy,
  created: createdAt,
  modified: modifiedAt,
});
