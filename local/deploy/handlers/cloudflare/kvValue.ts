import type Cloudflare from "cloudflare";
import { unlessGone } from "../context";
import type { Handler } from "../handler";
import { typedHandler } from "../typed";

interface Inputs {
  accountId: string;
  namespaceId: string;
  keyName: string;
  value: string;
  /** JSON. */
  metadata?: string;
  expiration?: number;
  expirationTtl?: number;
}

/** cloudflare:index/workersKv:WorkersKv. Writing is the same call for new and old, so a repeated one does no harm. */
export function kvValue(client: () => Cloudflare): Handler {
  const write = async (inputs: Inputs): Promise<object> => {
    await client().kv.namespaces.values.update(inputs.keyName, {
      account_id: inputs.accountId,
      namespace_id: inputs.namespaceId,
      value: inputs.value,
      ...(inputs.metadata === undefined ? {} : { metadata: JSON.parse(inputs.metadata) as unknown }),
      ...(inputs.expiration === undefined ? {} : { expiration: inputs.expiration }),
      ...(inputs.expirationTtl === undefined ? {} : { expiration_ttl: inputs.expirationTtl }),
    });
    return { metadata: undefined, expiration: undefined, expirationTtl: undefined, ...inputs };
  };
  return typedHandler<Inputs>({
    replaceOn: ["accountId", "namespaceId", "keyName"],
    naturalKey: ({ namespaceId, keyName }) => `${namespaceId}/${keyName}`,
    create: async (inputs) => ({ id: inputs.keyName, outputs: await write(inputs) }),
    update: async (_old, inputs) => write(inputs),
    async delete({ inputs }) {
      const { accountId, namespaceId, keyName } = inputs;
      const where = { account_id: accountId, namespace_id: namespaceId };
      await unlessGone(client().kv.namespaces.values.delete(keyName, where));
    },
  });
}
