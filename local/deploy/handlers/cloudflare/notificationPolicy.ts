import type Cloudflare from "cloudflare";
import { createOnce, orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";
import { filtersFrom, filtersToSend } from "./notificationFilters";

type Create = Cloudflare.Alerting.PolicyCreateParams;
type Destinations = { id?: string }[];

interface Inputs {
  accountId: string;
  name: string;
  alertType: Create["alert_type"];
  alertInterval?: string;
  description?: string;
  enabled?: boolean;
  filters?: Record<string, string[]>;
  mechanisms: { emails?: Destinations; pagerduties?: Destinations; webhooks?: Destinations };
}

/** cloudflare:index/notificationPolicy:NotificationPolicy */
export function notificationPolicy(client: () => Cloudflare): Handler {
  const policies = () => client().alerting.policies;
  const params = (inputs: Inputs): Create => {
    const { accountId, name, alertType, alertInterval, description, enabled, filters, mechanisms } = inputs;
    const { emails, pagerduties, webhooks } = mechanisms;
    return {
      account_id: accountId,
      name,
      alert_type: alertType,
      enabled: enabled ?? true,
      mechanisms: {
        ...(emails === undefined ? {} : { email: emails }),
        ...(pagerduties === undefined ? {} : { pagerduty: pagerduties }),
        ...(webhooks === undefined ? {} : { webhooks }),
      },
      ...(alertInterval === undefined ? {} : { alert_interval: alertInterval }),
      ...(description === undefined ? {} : { description }),
      ...(filters === undefined ? {} : { filters: filtersToSend(filters) }),
    };
  };
  const find = async ({ accountId, name }: Inputs): Promise<{ id?: string } | undefined> => {
    for await (const found of policies().list({ account_id: accountId })) {
      if (found.name === name) return found;
    }
    return undefined;
  };
  const outputs = async (id: string, inputs: Inputs) => {
    const live = await policies().get(id, { account_id: inputs.accountId });
    return {
      alertInterval: undefined,
      description: undefined,
      filters: undefined,
      enabled: true,
      ...inputs,
      created: live.created,
      modified: live.modified,
    };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId"],
    stableOutputs: ["created"],
    async create(inputs) {
      const made = await createOnce(
        (options) => policies().create(params(inputs), options),
        () => find(inputs),
      );
      return { id: made.id!, outputs: await outputs(made.id!, inputs) };
    },
    async find(inputs) {
      const found = await find(inputs);
      return found && { id: found.id!, outputs: await outputs(found.id!, inputs) };
    },
    async read({ id, inputs }) {
      const live = await orGone(policies().get(id, { account_id: inputs.accountId }));
      if (live === undefined) return undefined;
      const { email, webhooks, pagerduty } = live.mechanisms ?? {};
      return {
        name: live.name,
        alertType: live.alert_type,
        alertInterval: live.alert_interval || undefined,
        description: live.description || undefined,
        enabled: live.enabled,
        filters: filtersFrom(live.filters, inputs.filters),
        mechanisms: {
          emails: listed(named(email), inputs.mechanisms.emails),
          webhooks: listed(named(webhooks), inputs.mechanisms.webhooks),
          pagerduties: listed(named(pagerduty), inputs.mechanisms.pagerduties),
        },
      };
    },
    async update({ id }, inputs) {
      await policies().update(id, params(inputs));
      return outputs(id, inputs);
    },
    async delete({ id, inputs }) {
      await unlessGone(policies().delete(id, { account_id: inputs.accountId }));
    },
  });
}

/** No list and an empty one are the same: Cloudflare answers either. */
const listed = (live: Destinations | undefined, wanted: Destinations | undefined): Destinations | undefined =>
  live !== undefined && live.length === 0 && wanted === undefined ? undefined : live;

const named = (list: Destinations | undefined) => list && list.map((one) => ({ id: one.id }));
