import type Cloudflare from "cloudflare";
import { createOnce, orGone, unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  name: string;
  url: string;
  /** Sent along with each notification. */
  secret?: string;
}

/** cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks */
export function notificationPolicyWebhooks(client: () => Cloudflare): Handler {
  const webhooks = () => client().alerting.destinations.webhooks;
  const params = ({ accountId, name, url, secret }: Inputs) => ({
    account_id: accountId,
    name,
    url,
    ...(secret === undefined ? {} : { secret }),
  });
  const find = async ({ accountId, name, url }: Inputs): Promise<{ id?: string } | undefined> => {
    for await (const found of webhooks().list({ account_id: accountId })) {
      if (found.name === name && found.url === url) return found;
    }
    return undefined;
  };
  const outputs = async (id: string, inputs: Inputs) => {
    const live = await webhooks().get(id, { account_id: inputs.accountId });
    return {
      secret: undefined,
      ...inputs,
      type: live.type,
      createdAt: live.created_at,
      lastFailure: live.last_failure,
      lastSuccess: live.last_success,
    };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId"],
    stableOutputs: ["type", "createdAt"],
    async create(inputs) {
      const made = await createOnce(
        (options) => webhooks().create(params(inputs), options),
        () => find(inputs),
      );
      return { id: made.id!, outputs: await outputs(made.id!, inputs) };
    },
    async find(inputs) {
      const found = await find(inputs);
      return found && { id: found.id!, outputs: await outputs(found.id!, inputs) };
    },
    async read({ id, inputs }) {
      const live = await orGone(webhooks().get(id, { account_id: inputs.accountId }));
      return live && { name: live.name, url: live.url };
    },
    async update({ id }, inputs) {
      await webhooks().update(id, params(inputs));
      return outputs(id, inputs);
    },
    async delete({ id, inputs }) {
      await unlessGone(webhooks().delete(id, { account_id: inputs.accountId }));
    },
  });
}
